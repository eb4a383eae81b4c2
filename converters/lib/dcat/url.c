#include <moisson/iri.h>
#include <moisson/text.h>

#include "base/ctype.h"
#include "dcat/values_impl.h"

/* The bytes of an IPv4 address; false when the text is none. */
static bool
ipv4(struct mo_str host, unsigned char bytes[4])
{
    for (int i = 0; i < 4; ++i) {
        unsigned value = 0;
        size_t n = 0;

        while (n < host.n && n < 3 && mo_is_digit(host.p[n]))
            value = 10 * value + (unsigned)(host.p[n++] - '0');
        if (n == 0 || value > 255)
            return false;
        bytes[i] = (unsigned char)value;
        host = mo_str_from(host, n);
        if (i < 3 && (host.n == 0 || host.p[0] != '.'))
            return false;
        host = mo_str_from(host, i < 3 ? 1 : 0);
    }
    return host.n == 0;
}

/* Private, loopback, link-local, multicast and reserved addresses (RFC 6890). */
static bool
is_public_ipv4(const unsigned char b[4])
{
    return !(b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 ||
             (b[0] == 172 && b[1] >= 16 && b[1] <= 31) || (b[0] == 192 && b[1] == 168) ||
             (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] >= 64 && b[1] <= 127));
}

/*
 * Labels of letters, digits, "-", "_" and what is not ASCII, in which no "-" is the first,
 * the last or beside another; the last has neither "-" nor "_" and is no number.
 */
static bool
is_domain(struct mo_str host)
{
    size_t label = 0, dots = 0, last = 0;

    for (size_t i = 0; i < host.n; ++i) {
        char c = host.p[i], next = '.';

        if (i + 1 < host.n)
            next = host.p[i + 1];
        if (c == '.') {
            if (label == 0)
                return false;
            ++dots;
            label = 0;
            last = i + 1;
            continue;
        }
        if (!mo_is_alpha(c) && !mo_is_digit(c) && (unsigned char)c < 0x80 &&
            (c == '-' ? label == 0 || next == '-' || next == '.'
                      : c != '_' || next == '.'))
            return false;
        ++label;
    }
    for (size_t i = last; i < host.n; ++i)
        if (host.p[i] == '-' || host.p[i] == '_')
            return false;
    return dots > 0 && label >= 2 && !mo_is_digit(host.p[last]);
}

static bool
is_public_host(struct mo_str host)
{
    unsigned char bytes[4];

    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        return !mo_str_is(host, "[::1]") && !mo_str_starts(host, mo_str("[f")) &&
               !mo_str_starts(host, mo_str("[F"));
    return ipv4(host, bytes) ? is_public_ipv4(bytes) : is_domain(host);
}

/* ":" and two to five digits, or nothing. */
static bool
is_port(struct mo_str port)
{
    if (port.n == 0)
        return true;
    if (port.n < 3 || port.n > 6 || port.p[0] != ':')
        return false;
    for (size_t i = 1; i < port.n; ++i)
        if (!mo_is_digit(port.p[i]))
            return false;
    return true;
}

static bool
has_space(struct mo_str url)
{
    for (size_t at = 0; at < url.n;) {
        unsigned char c = (unsigned char)url.p[at];

        if (c > ' ' && c < 0x80)
            ++at;
        else if (mo_utf8_is_space(mo_utf8_next(url, &at)))
            return true;
    }
    return false;
}

/* Without the user before "@". */
static struct mo_str
host_and_port(struct mo_str authority)
{
    size_t at = mo_str_find(authority, mo_str("@"), 0);

    return at < authority.n ? mo_str_from(authority, at + 1) : authority;
}

struct mo_str
mo_url_host(struct mo_str authority)
{
    struct mo_str host = host_and_port(authority);
    size_t end = host.n && host.p[0] == '[' ? mo_str_find(host, mo_str("]"), 0) + 1
                                            : mo_str_find(host, mo_str(":"), 0);

    return mo_str_n(host.p, end < host.n ? end : host.n);
}

bool
mo_url_is_number(struct mo_str host)
{
    unsigned char bytes[4];

    return (host.n && host.p[0] == '[') || ipv4(host, bytes);
}

bool
mo_url_is_public(struct mo_str url)
{
    static const char *const schemes[] = {"http", "https", "ftp", "ftps"};
    struct mo_iri iri;
    struct mo_str host;
    size_t end;
    bool known = false;

    url = mo_str_trim(url);
    iri = mo_iri_parse(url);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; ++i)
        known = known || mo_str_eq_nocase(iri.scheme, mo_str(schemes[i]));
    if (!iri.has_authority || (iri.has_scheme && !known))
        return false;
    if (has_space(url))
        return false;
    if (iri.path.n == 0 && !iri.has_query && iri.has_fragment)
        return false; /* data.gouv.fr wants a "/" before "#" */
    host = host_and_port(iri.authority);
    end = mo_url_host(iri.authority).n;
    return is_port(mo_str_from(host, end)) && is_public_host(mo_str_n(host.p, end));
}
