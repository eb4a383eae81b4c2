#include "flow/flow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lists our files, so that those of others can be told from those that are gone. */
#define MANIFEST ".moisson-site"

enum { MAX_PATH = 4096, BLOCK = 64 << 10, MAX_LIST = 1 << 30 };

struct tree {
    char *folder, *beside; /* its place, and where it grows */
    struct mo_buf list;    /* paths of files, a line each */
    struct mo_buf old_list;
    struct mo_str *old; /* its lines, sorted */
    size_t n_old;
    bool changed, done;
    int error; /* the first errno; 0: nothing failed */
};

struct tree_file {
    struct tree *tree;
    char path[MAX_PATH];
    int fd;
    struct mo_buf held;
    bool failed;
};

static int
fail(struct tree *t)
{
    if (!t->error)
        t->error = errno ? errno : EIO;
    return -1;
}

/* "FOLDER/PATH"; false when that is too long. */
static bool
join(char out[MAX_PATH], const char *folder, const char *path)
{
    return snprintf(out, MAX_PATH, "%s/%s", folder, path) < MAX_PATH;
}

/* ---- A folder beside the one that it replaces ---- */

struct tree *
mo_tree_open(const char *folder)
{
    struct tree *t = calloc(1, sizeof *t);
    char *real = realpath(folder, NULL);
    size_t n;
    mode_t mask;

    if (!t)
        return NULL;
    mo_buf_init(&t->list, MAX_LIST);
    mo_buf_init(&t->old_list, MAX_LIST);
    t->folder = real ? real : strdup(folder);
    n = t->folder ? strlen(t->folder) : 0;
    while (n > 1 && t->folder[n - 1] == '/')
        t->folder[--n] = '\0';
    t->beside = n ? malloc(n + sizeof ".XXXXXX") : NULL;
    if (t->beside)
        snprintf(t->beside, n + sizeof ".XXXXXX", "%s.XXXXXX", t->folder);
    if (!t->beside || !mkdtemp(t->beside)) {
        int error = n ? errno : ENOENT;

        free(t->folder);
        free(t->beside);
        free(t);
        errno = error;
        return NULL;
    }
    mask = umask(0);
    umask(mask);
    chmod(t->beside, 0777 & ~mask);
    return t;
}

/* The folders on the way to a file. */
static int
make_folders(const char *folder, const char *path)
{
    char whole[MAX_PATH], *slash;

    if (!join(whole, folder, path))
        return -1;
    for (slash = strchr(whole + strlen(folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(whole, 0777) && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return 0;
}

void *
mo_tree_file(void *ctx, struct mo_str path)
{
    struct tree *t = ctx;
    struct tree_file *f = calloc(1, sizeof *f);
    char whole[MAX_PATH];

    if (!f || path.n >= sizeof f->path) {
        free(f);
        fail(t);
        return NULL;
    }
    f->tree = t;
    memcpy(f->path, path.p, path.n);
    mo_buf_init(&f->held, 4 * BLOCK);
    f->fd = join(whole, t->beside, f->path) && make_folders(t->beside, f->path) == 0
                ? open(whole, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
                : -1;
    mo_buf_str(&t->list, path);
    mo_buf_byte(&t->list, '\n');
    if (f->fd < 0 || t->list.failed) {
        fail(t);
        free(f);
        return NULL;
    }
    return f;
}

static int
write_all(struct tree_file *f, struct mo_str bytes)
{
    while (bytes.n && !f->failed) {
        ssize_t wrote = write(f->fd, bytes.p, bytes.n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            f->failed = fail(f->tree) != 0;
        else
            bytes = mo_str_from(bytes, (size_t)wrote);
    }
    return f->failed ? -1 : 0;
}

int
mo_tree_write(void *file, struct mo_str bytes)
{
    struct tree_file *f = file;
    int failed;

    if (f->held.n + bytes.n < BLOCK)
        return mo_buf_str(&f->held, bytes);
    failed = write_all(f, mo_buf_view(&f->held)) || write_all(f, bytes);
    mo_buf_clear(&f->held);
    return failed ? -1 : 0;
}

/* Whether two files hold the same bytes. */
static bool
is_same(const char *a, const char *b)
{
    struct stat x, y;
    int one = open(a, O_RDONLY | O_CLOEXEC), other = open(b, O_RDONLY | O_CLOEXEC);
    bool same = one >= 0 && other >= 0 && fstat(one, &x) == 0 && fstat(other, &y) == 0 &&
                S_ISREG(y.st_mode) && x.st_size == y.st_size;
    char left[8192], right[8192];
    ssize_t got = same ? 1 : 0;

    while (same && got > 0) {
        got = read(one, left, sizeof left);
        same = got >= 0 && read(other, right, sizeof right) == got &&
               memcmp(left, right, (size_t)got) == 0;
    }
    if (one >= 0)
        close(one);
    if (other >= 0)
        close(other);
    return same;
}

/* A file as it was before stays that file. */
static int
keep_old(struct tree *t, const char *path)
{
    char fresh[MAX_PATH], old[MAX_PATH];

    if (!join(fresh, t->beside, path) || !join(old, t->folder, path))
        return -1;
    if (!is_same(fresh, old)) {
        t->changed = true;
        return 0;
    }
    return unlink(fresh) || link(old, fresh) ? -1 : 0;
}

int
mo_tree_file_close(void *file)
{
    struct tree_file *f = file;
    struct tree *t = f->tree;
    int failed = write_all(f, mo_buf_view(&f->held));

    failed = close(f->fd) || failed;
    failed = failed || keep_old(t, f->path);
    if (failed)
        fail(t);
    mo_buf_done(&f->held);
    free(f);
    return failed ? -1 : 0;
}

void
mo_tree_done(void *tree)
{
    ((struct tree *)tree)->done = true;
}

bool
mo_tree_is_done(const struct tree *tree)
{
    return tree->done && !tree->error;
}

int
mo_tree_error(const struct tree *tree)
{
    return tree->error;
}

/* ---- Walking ---- */

/* Call `visit` for each thing in the folder that is no folder, then for the folder itself. */
static int
walk(struct tree *t, const char *root, const char *path,
    int (*visit)(struct tree *t, const char *root, const char *path, bool folder))
{
    char whole[MAX_PATH];
    DIR *dir;
    struct dirent *entry;
    int failed = 0;

    if (!join(whole, root, path) || !(dir = opendir(whole)))
        return -1;
    while (!failed && (entry = readdir(dir))) {
        char inside[MAX_PATH], name[MAX_PATH];
        struct stat st;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (path[0] ? !join(name, path, entry->d_name)
                    : snprintf(name, sizeof name, "%s", entry->d_name) >= MAX_PATH)
            failed = -1;
        else if (!join(inside, root, name) || lstat(inside, &st))
            failed = -1;
        else
            failed = S_ISDIR(st.st_mode) ? walk(t, root, name, visit)
                                         : visit(t, root, name, false);
    }
    closedir(dir);
    return failed ? failed : visit(t, root, path, true);
}

static int
remove_one(struct tree *t, const char *root, const char *path, bool folder)
{
    char whole[MAX_PATH];

    (void)t;
    if (!path[0])
        return rmdir(root);
    return !join(whole, root, path) || (folder ? rmdir(whole) : unlink(whole)) ? -1 : 0;
}

/* ---- What was there before ---- */

static int
by_text(const void *a, const void *b)
{
    return mo_str_cmp(*(const struct mo_str *)a, *(const struct mo_str *)b);
}

/* The files that were ours. */
static int
read_manifest(struct tree *t)
{
    char path[MAX_PATH];
    struct mo_str rest;
    size_t lines = 0;

    if (!join(path, t->folder, MANIFEST))
        return -1;
    if (mo_read_file(path, &t->old_list))
        return errno == ENOENT ? 0 : -1;
    rest = mo_buf_view(&t->old_list);
    for (size_t i = 0; i < rest.n; ++i)
        lines += rest.p[i] == '\n';
    t->old = malloc((lines + 1) * sizeof *t->old);
    if (!t->old)
        return -1;
    while (rest.n) {
        size_t n = mo_str_find(rest, mo_str("\n"), 0);

        t->old[t->n_old++] = mo_str_n(rest.p, n);
        rest = mo_str_from(rest, n + 1);
    }
    qsort(t->old, t->n_old, sizeof *t->old, by_text);
    return 0;
}

/* What others put into the old folder goes into the new one as well. */
static int
carry_over(struct tree *t, const char *root, const char *path, bool folder)
{
    char old[MAX_PATH], fresh[MAX_PATH];
    struct mo_str name = mo_str(path);
    struct stat st;

    if (folder || strcmp(path, MANIFEST) == 0)
        return 0;
    if (!join(old, root, path) || !join(fresh, t->beside, path))
        return -1;
    if (lstat(fresh, &st) == 0)
        return 0;
    if (t->n_old && bsearch(&name, t->old, t->n_old, sizeof *t->old, by_text)) {
        t->changed = true;
        return 0;
    }
    return make_folders(t->beside, path) || link(old, fresh) ? -1 : 0;
}

/* ---- The end ---- */

static int
put_manifest(struct tree *t)
{
    struct mo_buf list = t->list;
    struct tree_file *f;
    int failed;

    mo_buf_init(&t->list, MAX_LIST);
    f = mo_tree_file(t, mo_str(MANIFEST));
    failed = !f || mo_tree_write(f, mo_buf_view(&list));
    if (f)
        failed = mo_tree_file_close(f) || failed;
    mo_buf_done(&list);
    return failed ? -1 : 0;
}

/* The new folder takes the place of the old one, which is then beside it. */
static int
exchange(struct tree *t)
{
    struct stat st;
    char old[MAX_PATH];

    if (lstat(t->folder, &st) && errno == ENOENT)
        return rename(t->beside, t->folder);
#ifdef RENAME_EXCHANGE
    if (renameat2(AT_FDCWD, t->beside, AT_FDCWD, t->folder, RENAME_EXCHANGE) == 0)
        return 0;
    if (errno != ENOSYS && errno != EINVAL)
        return -1;
#endif
    if (snprintf(old, sizeof old, "%s.old", t->beside) >= MAX_PATH ||
        rename(t->folder, old))
        return -1;
    if (rename(t->beside, t->folder)) {
        rename(old, t->folder);
        return -1;
    }
    return rename(old, t->beside);
}

int
mo_tree_close(struct tree *t, bool keep)
{
    struct stat st;
    bool there = lstat(t->folder, &st) == 0;
    int failed = keep && t->error ? -1 : 0, error;

    if (keep && !failed)
        failed = put_manifest(t) ||
                 (there && (read_manifest(t) || walk(t, t->folder, "", carry_over)));
    if (keep && !failed && t->changed)
        failed = exchange(t);
    error = errno;
    if (lstat(t->beside, &st) == 0)
        walk(t, t->beside, "", remove_one);
    mo_buf_done(&t->list);
    mo_buf_done(&t->old_list);
    free(t->old);
    free(t->folder);
    free(t->beside);
    free(t);
    errno = error;
    return failed ? -1 : 0;
}
