# Writes what Postgres needs for TLS, and then does what the image itself would do: "$@".
# https://www.postgresql.org/docs/16/ssl-tcp.html
umask 077
mkdir -p "$TLS_FOLDER"
cd "$TLS_FOLDER"
printf %s "$AUTHORITY" >authority.crt
printf %s "$CERTIFICATE" >server.crt
printf %s "$KEY" >server.key
# Whoever comes over the network without TLS finds no line that lets them in.
cat >pg_hba.conf <<END
local all all scram-sha-256
hostssl all all all scram-sha-256
END
unset CERTIFICATE KEY
# The image gives its user a password once, when the volume is empty. An older volume gets the one of this start before
# anybody can reach the server. https://www.postgresql.org/docs/16/app-postgres.html#APP-POSTGRES-SINGLE-USER
if [ -s "$PGDATA/PG_VERSION" ]; then
  printf "ALTER ROLE \"%s\" PASSWORD '%s'\n" "$POSTGRES_USER" "$POSTGRES_PASSWORD" |
    postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec docker-entrypoint.sh "$@"
