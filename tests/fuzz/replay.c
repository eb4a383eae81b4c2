/* Runs a fuzz target over nothing, then over the files that are named. */
#include "fuzz.h"

int
main(int argc, char *argv[])
{
    static const uint8_t nothing[1];
    int failed = LLVMFuzzerTestOneInput(nothing, 0);

    for (int i = 1; i < argc; ++i) {
        FILE *file = fopen(argv[i], "rb");
        struct mo_buf bytes;
        char block[4096];
        size_t n;

        if (!file) {
            perror(argv[i]);
            return 2;
        }
        puts(argv[i]); /* the last one named is the one that failed */
        fflush(stdout);
        mo_buf_init(&bytes, SIZE_MAX);
        while ((n = fread(block, 1, sizeof block, file)) > 0)
            mo_buf_add(&bytes, block, n);
        fclose(file);
        failed |=
            LLVMFuzzerTestOneInput((const uint8_t *)(bytes.p ? bytes.p : ""), bytes.n);
        mo_buf_done(&bytes);
    }
    return failed;
}
