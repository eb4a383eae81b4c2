#!/bin/sh
# One catalogue in all the character sets that catalogues come in, with and without a declaration: the same records.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

catalogue() { # DECLARATION
    cat <<END
$1
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
    xmlns:dct="http://purl.org/dc/terms/">
  <dcat:Dataset rdf:about="https://musee.example.org/jeux/1">
    <dct:title xml:lang="fr">Musee</dct:title>
    <dct:description xml:lang="fr">Où l'été fut «LIBERTÉ», à Besançon &amp; Nîmes</dct:description>
  </dcat:Dataset>
</rdf:RDF>
END
}
declaration() {
    printf '<?xml version="1.0" encoding="%s"?>' "$1"
}
check() { # NAME OPTIONS CODES: what is in $work/in comes out as it should, and this is said
    rdfxml2dcatap -l $2 --diagnostics "$work/said" "$work/in" >"$work/out" 2>/dev/null
    codes=$(sed 's/.*"code":"\([^"]*\)".*/\1/' "$work/said" | tr '\n' ' ')
    cmp -s "$work/right" "$work/out" && [ "$codes" = "$3${3:+ }" ] && return
    echo "$1: codes '$codes', and"
    diff "$work/right" "$work/out" | head -n 4
    bad=1
}

catalogue '' | rdfxml2dcatap -l >"$work/right"
[ -s "$work/right" ] || bad=1
for charset in ISO-8859-1 ISO-8859-15 windows-1252 UTF-16LE UTF-16BE UTF-8; do
    catalogue "$(declaration "$charset")" | iconv -f UTF-8 -t "$charset" >"$work/in"
    check "$charset, declared" '' ''
    catalogue '' | iconv -f UTF-8 -t "$charset" >"$work/in"
    check "$charset, by --charset" "--charset $charset" ''
    case $charset in
    ISO-8859-15) continue ;; # looks like the others, and differs from them in eight characters
    ISO-8859-1 | windows-1252) said=D111 ;;
    *) said= ;;
    esac
    check "$charset, undeclared" '' "$said"
    catalogue "$(declaration UTF-8)" | iconv -f UTF-8 -t "$charset" >"$work/in"
    check "$charset, declared as UTF-8" '' "$said"
done
for mark in '\377\376 UTF-16LE' '\376\377 UTF-16BE' '\357\273\277 UTF-8'; do
    set -- $mark
    { printf "$1"; catalogue '' | iconv -f UTF-8 -t "$2"; } >"$work/in"
    check "$2 with a mark" '' ''
    { printf "$1"; catalogue "$(declaration ISO-8859-1)" | iconv -f UTF-8 -t "$2"; } >"$work/in"
    check "$2 with a mark, declared as ISO-8859-1" '' ''
done
exit $bad
