#include "body.h"

#include <string.h>
#include <unistd.h>

enum { BUFFER = 128 << 10 };

void
body_clear(struct body *b)
{
    if (b->file && (fseek(b->file, 0, SEEK_SET) || ftruncate(fileno(b->file), 0)))
        body_done(b);
    b->n = 0;
    b->excess = b->failed = false;
}

void
body_add(struct body *b, struct mo_str bytes)
{
    if (b->failed || b->excess)
        return;
    if (b->n + (int64_t)bytes.n > BODY_MOST) {
        b->excess = true;
        return;
    }
    if (!b->file && (b->file = tmpfile()))
        setvbuf(b->file, NULL, _IOFBF, BUFFER);
    b->failed = !b->file || fwrite(bytes.p, 1, bytes.n, b->file) != bytes.n;
    b->n += (int64_t)bytes.n;
}

void
body_done(struct body *b)
{
    if (b->file)
        fclose(b->file);
    memset(b, 0, sizeof *b);
}

int
body_read(struct body *b, int (*take)(void *ctx, struct mo_str bytes), void *ctx)
{
    char block[BUFFER];
    size_t n;

    if (b->failed || !b->file || fseek(b->file, 0, SEEK_SET))
        return -1;
    while ((n = fread(block, 1, sizeof block, b->file)) > 0)
        if (take(ctx, mo_str_n(block, n)))
            return -1;
    return ferror(b->file) ? -1 : 0;
}
