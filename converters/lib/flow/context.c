#include "flow/flowing.h"

#include <stdlib.h>

/* A file stays inside of its folder, whatever the URL says. */
static bool
is_inside(struct mo_str path)
{
    bool begin = true;

    for (size_t i = 0; i < path.n; ++i) {
        if (path.p[i] == '\0' ||
            (begin && mo_str_starts(mo_str_from(path, i), mo_str(".."))))
            return false;
        begin = path.p[i] == '/';
    }
    return path.n > 0;
}

/* The same once links are followed: `name` is below `folder`. */
static bool
stays_inside(const char *folder, const char *name)
{
    char *top = realpath(folder, NULL), *file = realpath(name, NULL);
    size_t n = top ? strlen(top) : 0;
    bool inside = top && file && strncmp(file, top, n) == 0 &&
                  (file[n] == '/' || (n > 0 && top[n - 1] == '/'));

    free(top);
    free(file);
    return inside;
}

int
mo_flow_take_context(void *ctx, struct mo_str url, struct mo_buf *out)
{
    struct flow *f = ctx;

    for (size_t i = 0; i < f->options.n_context_maps; ++i) {
        const struct context_map *map = &f->options.context_maps[i];
        struct mo_str path = mo_str_from(url, map->prefix.n);
        struct mo_buf name;
        int failed;

        path.n = mo_str_find(path, mo_str("#"), 0);
        if (!mo_str_starts(url, map->prefix) || !is_inside(path))
            continue;
        mo_buf_init(&name, 1 << 16);
        mo_buf_printf(&name, "%s/" MO_FMT, map->folder, MO_ARG(path));
        failed = name.failed || !stays_inside(map->folder, name.p) ||
                 mo_read_file(name.p, out);
        mo_buf_done(&name);
        if (!failed)
            return 0;
        mo_buf_clear(out);
    }
    return -1;
}
