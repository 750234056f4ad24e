curl -sS -H "Authorization: Bearer $NANGO_API_KEY" "$NANGO_HOST/integrations"

curl -sS -H "Authorization: Bearer $NANGO_API_KEY" -H "Content-Type: application/json" -d '{"tags":{"end_user_id":"42"},"allowed_integrations":["github"]}' "$NANGO_HOST/connect/sessions"

curl -sS -H "Authorization: Bearer $NANGO_API_KEY" "$NANGO_HOST/connections?tags%5Bend_user_id%5D=42"

curl -sS -H "Authorization: Bearer $NANGO_API_KEY" -H "Provider-Config-Key: github" -H "Connection-Id: $CONNECTION_ID" "$NANGO_HOST/proxy/user"
