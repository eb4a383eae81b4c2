#include <string.h>

#include "unit.h"

#include "body.h"

static struct body body;
static char text[64];

static int
take(void *ctx, struct mo_str bytes)
{
    (void)ctx;
    strncat(text, bytes.p, bytes.n);
    return 0;
}

static const char *
what_is_kept(void)
{
    text[0] = '\0';
    return body_read(&body, take, NULL) ? NULL : text;
}

static void
bytes_come_back(void)
{
    body_add(&body, mo_str("one "));
    body_add(&body, mo_str("two"));
    CHECK(body.n == 7 && strcmp(what_is_kept(), "one two") == 0, text);
    body_clear(&body);
    body_add(&body, mo_str("three"));
    CHECK(body.n == 5 && strcmp(what_is_kept(), "three") == 0, text);
    body_done(&body);
    CHECK(!body.file && !what_is_kept(), "done");
}

static void
ceiling_is_honoured(void)
{
    body_add(&body, mo_str("one"));
    body.n = BODY_MOST - 3; /* as if so many had come */
    body_add(&body, mo_str("two"));
    CHECK(!body.excess && body.n == BODY_MOST, "up to it");
    body_add(&body, mo_str("x"));
    CHECK(body.excess && body.n == BODY_MOST, "beyond it");
    CHECK(strcmp(what_is_kept(), "onetwo") == 0, text);
    body_clear(&body);
    CHECK(!body.excess && body.n == 0, "a further try");
    body_done(&body);
}

static const struct unit_test tests[] = {
    TEST(bytes_come_back), TEST(ceiling_is_honoured)};

UNIT_MAIN("body", tests)
