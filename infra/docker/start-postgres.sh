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
exec docker-entrypoint.sh "$@"
