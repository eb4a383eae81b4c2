#!/bin/sh
# Of a spreadsheet of 500 datasets that say the same, with two rows each, all become the same record, however many stood
# before; messages name the row that they are about.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

awk 'BEGIN {
    print "Identifiant;Titre;Mots-clés;Mots-clés;Licence;Fréquence;Producteur;Courriel;Couleur;Couleur;" \
        "spatial.geom;Ressource;Adresse de la ressource;Taille en octets"
    for (i = 100; i < 600; ++i) {
        printf "n%d;Jeu n° %d;a, b;c;du musée;annuelle;Musée « %d »;sans;bleu;vert;", i, i, i
        printf "\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[1.0,1e1],\"\"type\"\":\"\"Point\"\"}\";"
        printf "\"Le \"\"%d\"\"\";https://a.example/%d.csv;1 024\n", i, i
        printf "n%d;;;;;;;;;;;Autre;adresse;x\n", i
    }
}' >"$work/in.csv"
csv2dcatap -lv -b https://b.example/ "$work/in.csv" >"$work/out" 2>"$work/err" || bad=1

sed 's/[1-5][0-9][0-9]/N/g' "$work/out" | sort | uniq -c >"$work/kinds"
[ "$(wc -l <"$work/kinds")" = 1 ] && grep -q '^ *500 {' "$work/kinds" || { head -n 4 "$work/kinds"; bad=1; }

# What the first two rows and the last two are told, but for the number of the dataset.
told() { # NUMBER LINE
    sed -n "/:$2: /s///p; /:$(($2 + 1)): /s///p" "$work/err" |
        sed "s/$1/N/g; s/[A-Z]$2 /ROW /; s/[A-Z]$(($2 + 1)) /NEXT /"
}
told 100 2 >"$work/first"
told 599 1000 >"$work/last"
sort "$work/first" >"$work/a"
sort "$work/last" >"$work/b"
cmp "$work/a" "$work/b" && [ "$(wc -l <"$work/b")" = 6 ] || { cat "$work/a" "$work/b"; bad=1; }
exit $bad
