#!/bin/sh
# https: a server whose certificate nobody knows is refused, and so is one that is not for its address; with ca-file,
# the certificate of who signed it, pages come, by HTTP/2 where the server speaks it. Through a proxy (CONNECT) it is
# the same, and the host may be one that only the proxy knows. nginx serves, openssl signs.
set -u
PATH=$PATH:/usr/sbin
bin=$(pwd)/$BUILD/bin
httpd=$(pwd)/$BUILD/tests/kit/httpd
work=$(mktemp -d) || exit 2
nginx=
proxy=
trap 'kill $nginx $proxy 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 2
mkdir www temp

sign() { # NAME: a key and a certificate for $2, signed by the authority $3
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" \
        2>openssl.log && echo "subjectAltName=$2" >"$1.ext" &&
        openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 7 -extfile "$1.ext" \
            -out "$1.pem" 2>openssl.log || { cat openssl.log; exit 2; }
}
for authority in ours theirs; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$authority.key" \
        -out "$authority.pem" -subj "/CN=$authority" -days 7 2>openssl.log || { cat openssl.log; exit 2; }
done
sign right IP:127.0.0.1 ours
sign wrong DNS:catalogue.example ours

rdf='<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
    xmlns:dct="http://purl.org/dc/terms/" xmlns:hydra="http://www.w3.org/ns/hydra/core#">'
cat >www/1.rdf <<END
$rdf
<hydra:PartialCollectionView rdf:about=""><hydra:next rdf:resource="2.rdf"/></hydra:PartialCollectionView>
<dcat:Dataset rdf:about="https://musee.example/d/1"><dct:title>Vases</dct:title></dcat:Dataset></rdf:RDF>
END
cat >www/2.rdf <<END
$rdf
<dcat:Dataset rdf:about="https://musee.example/d/2"><dct:title>Lampes</dct:title></dcat:Dataset></rdf:RDF>
END

# Ports that nobody has: nginx ends at once where one is taken.
base=$((20000 + $$ % 20000))
tries=0
until [ -s pid ]; do
    tries=$((tries + 1))
    base=$((base + 3))
    [ $tries -le 20 ] || { cat error.log; echo 'nginx did not start'; exit 2; }
    cat >nginx.conf <<END
daemon off;
master_process off;
pid $work/pid;
events { }
http {
    log_format asked '\$server_port \$server_protocol \$connection_requests \$request_uri';
    access_log $work/asked asked;
    client_body_temp_path temp;
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    uwsgi_temp_path temp;
    scgi_temp_path temp;
    root $work/www;
    ssl_certificate_key right.key;
    server { listen 127.0.0.1:$base ssl http2; ssl_certificate right.pem; }
    server { listen 127.0.0.1:$((base + 1)) ssl; ssl_certificate right.pem; }
    server { listen 127.0.0.1:$((base + 2)) ssl; ssl_certificate wrong.pem; ssl_certificate_key wrong.key; }
}
END
    nginx -p "$work/" -c nginx.conf -e error.log 2>>error.log &
    nginx=$!
    for wait in 1 2 3 4 5 6 7 8 9 10; do
        [ -s pid ] || ! kill -0 $nginx 2>/dev/null || sleep 0.1
    done
    kill -0 $nginx 2>/dev/null || rm -f pid
done

echo '== serve' >nothing.case
"$httpd" proxy-port tunnels nothing.case &
proxy=$!
for wait in 1 2 3 4 5 6 7 8 9 10; do
    [ -s proxy-port ] || sleep 0.1
done
through="proxy = \"http://127.0.0.1:$(cat proxy-port)\" ca-file = \"ours.pem\""

bad=0
host=127.0.0.1
harvest() { # PORT SETTING: status, then what is said of it
    : >asked
    : >tunnels
    rm -f harvest.db*
    cat >sources.conf <<END
defaults { allow-addresses = {"127.0.0.1"} min-delay = 0 retries = 0 filter = "" }
source "musee" { url = "https://$host:$1/1.rdf" $2 }
END
    "$bin/moisson" run 2>said
    status=$?
}
refused() { # WHY PORT SETTING
    harvest "$2" "$3"
    [ $status = 1 ] && grep -q "^moisson: musee: error: https://$host:$2/1.rdf: .*certificate" said ||
        { echo "$1: status $status"; cat said; bad=1; }
    [ ! -s asked ] || { echo "$1: asked for all the same"; cat asked; bad=1; }
}
taken() { # PROTOCOL PORT SETTING
    harvest "$2" "$3"
    [ $status = 0 ] || { echo "$1: status $status"; cat said; bad=1; }
    # all on one connection
    printf "$2 $1 %s\n" '1 /1.rdf' '2 /robots.txt' '3 /2.rdf' | cmp -s - asked ||
        { echo "$1: asked:"; cat asked; bad=1; }
    [ "$("$bin/moisson" items --json | jq length)" = 2 ] || { echo "$1: not all records"; bad=1; }
}
refused 'unknown authority' "$base" ''
refused 'another authority' "$base" 'ca-file = "theirs.pem"'
refused 'no such file' "$base" 'ca-file = "missing.pem"'
refused 'another name' $((base + 2)) 'ca-file = "ours.pem"'
taken HTTP/2.0 "$base" 'ca-file = "ours.pem"'
taken HTTP/1.1 $((base + 1)) 'ca-file = "ours.pem"'
[ ! -s tunnels ] || { echo 'a tunnel without a proxy'; bad=1; }

refused 'another name, by proxy' $((base + 2)) "$through"
host=catalogue.example
refused 'unknown authority, by proxy' $((base + 2)) "${through%% ca-file*}"
taken HTTP/1.1 $((base + 2)) "$through"
echo "CONNECT catalogue.example:$((base + 2)) by proxy" | cmp -s - tunnels || { echo 'tunnels:'; cat tunnels; bad=1; }
exit $bad
