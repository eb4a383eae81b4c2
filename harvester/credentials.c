#include "credentials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SECRET = 16 << 10 };

/* What stands in the file, without the end of its line. */
static char *
read_file(const char *name, char *why, size_t size)
{
    char text[MAX_SECRET];
    FILE *file = fopen(name, "re");
    size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;
    bool failed = !file || ferror(file);
    char *secret = NULL;

    if (failed)
        snprintf(why, size, "%s: %s", name, strerror(errno));
    if (file)
        fclose(file);
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (!failed && !text[0])
        snprintf(why, size, "%s: the file is empty", name);
    else if (!failed && !(secret = strdup(text)))
        snprintf(why, size, "out of memory");
    explicit_bzero(text, sizeof text);
    return secret;
}

static char *
read_variable(const char *name, char *why, size_t size)
{
    const char *value = getenv(name);
    char *secret = value && value[0] ? strdup(value) : NULL;

    if (!secret)
        snprintf(why, size, "the environment variable %s is not set", name);
    return secret;
}

/* False when a place is named and nothing can be had there. */
static bool
read_secret(const char *file, const char *variable, char **secret, char *why, size_t size)
{
    if (!file[0] && !variable[0])
        return true;
    *secret = file[0] ? read_file(file, why, size) : read_variable(variable, why, size);
    return *secret != NULL;
}

const char *
credentials_read(
    const struct source *source, struct credentials *c, char *why, size_t size)
{
    memset(c, 0, sizeof *c);
    c->user = source->user[0] ? source->user : NULL;
    if (read_secret(
            source->password_file, source->password_env, &c->password, why, size) &&
        read_secret(source->token_file, source->token_env, &c->token, why, size))
        return NULL;
    return why;
}

static void
forget(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void
credentials_done(struct credentials *c)
{
    forget(c->password);
    forget(c->token);
    memset(c, 0, sizeof *c);
}
