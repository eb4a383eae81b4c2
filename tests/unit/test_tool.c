#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "tool.h"

#ifdef __SANITIZE_THREAD__
enum { STANDS_BY = 0 };
#else
enum { STANDS_BY = 1 };
#endif

static const char cleaner[] = "../../bin/dcatapclean", /* from where this program is */
    record[] =
        "{\"@type\":\"Dataset\",\"@id\":\"http://a.example/1\",\"title\":\" A  title \"}\n",
                  cleaned[] = "\"A  title\"";

/* A process that was asked for, and the ends that are ours. */
struct task {
    pid_t pid;
    int in, out;
};

static const char *const usual[] = {"dcatapclean", "-l", "-q", NULL};
static const struct mo_bound no_dump = {RLIMIT_CORE, 0};

static int
ask(struct tool *tool, struct task *t, const char *const arguments[])
{
    struct mo_task task = {.arguments = arguments, .bounds = &no_dump, .n_bounds = 1};
    int in[2], out[2], failed;

    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        return -1;
    task.files[0] = in[0];
    task.files[1] = out[1];
    task.files[2] = STDERR_FILENO;
    task.files[3] = out[1];
    failed = tool_ask(tool, &task, &t->pid);
    close(in[0]);
    close(out[1]);
    t->in = in[1];
    t->out = out[0];
    return failed;
}

/* Give it a record, and take what comes to its end. Its exit status, or -1. */
static int
finish(struct tool *tool, struct task *t, char *text, size_t size)
{
    size_t n = 0;
    ssize_t got;
    int status = -1;

    if (write(t->in, record, sizeof record - 1) < 0)
        return -1;
    close(t->in);
    while (n < size - 1 && (got = read(t->out, text + n, size - 1 - n)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    close(t->out);
    tool_await(tool, &t->pid);
    if (t->pid < 0 || waitpid(t->pid, &status, 0) != t->pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void
drop(struct task *t)
{
    close(t->in);
    close(t->out);
}

/* Each says what went otherwise than it should, once. */
static void
asked(struct tool *tool, struct task *t, const char *const arguments[])
{
    int failed = ask(tool, t, arguments);

    CHECK(failed == 0, "asked");
}

static void
finished(struct tool *tool, struct task *t, int expected, const char *with)
{
    char text[1024] = "";
    int status = finish(tool, t, text, sizeof text);

    CHECK(status == expected, "status");
    CHECK(strstr(text, with) != NULL, text);
}

static void
refused(struct tool *tool, const char *const arguments[], int why)
{
    struct task t;
    int failed = ask(tool, &t, arguments);

    CHECK(failed && (!why || errno == why), "refused");
    drop(&t);
}

/* The only child that there is: what stands by. */
static pid_t
child(void)
{
    FILE *list = fopen("/proc/thread-self/children", "r");
    int pid = 0;

    if (list && fscanf(list, "%d", &pid) != 1)
        pid = 0;
    if (list)
        fclose(list);
    return pid;
}

static void
each_task_is_a_process_of_ours(void)
{
    struct tool *tool = tool_new(cleaner);
    struct task tasks[3];

    for (int i = 0; i < 3; ++i)
        asked(tool, &tasks[i], usual);
    for (int i = 2; i >= 0; --i) /* whoever was asked for first */
        finished(tool, &tasks[i], 0, cleaned);
    CHECK(tasks[0].pid != tasks[1].pid && tasks[1].pid != tasks[2].pid, "three");
    tool_free(tool);
    CHECK(child() == 0, "nothing is left");
}

static void
arguments_and_limits_are_its_own(void)
{
    static const char *const mistaken[] = {"dcatapclean", "--no-such-option", NULL};
    static const char *const version[] = {"dcatapclean", "--version", NULL};
    struct tool *tool = tool_new(cleaner);
    struct rlimit limit = {1, 1};
    struct task task;

    asked(tool, &task, version);
    finished(tool, &task, 0, "dcatapclean (moisson)");
    asked(tool, &task, mistaken);
    finished(tool, &task, 2, "");
    asked(tool, &task, usual);
    tool_await(tool, &task.pid);
    for (int i = 0; i < 1000 && limit.rlim_max != 0; ++i) { /* it has just begun */
        usleep(1000);
        prlimit(task.pid, RLIMIT_CORE, NULL, &limit);
    }
    CHECK(limit.rlim_max == 0, "limit");
    CHECK(getpgid(task.pid) == task.pid, "group");
    finished(tool, &task, 0, cleaned);
    tool_free(tool);
}

static void
what_is_lost_is_said(void)
{
    struct tool *tool = tool_new(cleaner);
    struct task task;

    asked(tool, &task, usual);
    finished(tool, &task, 0, cleaned);
    kill(child(), SIGSTOP);
    asked(tool, &task, usual); /* it does not look yet */
    kill(child(), SIGKILL);
    tool_await(tool, &task.pid);
    CHECK(task.pid == PROCESS_LOST, "lost");
    drop(&task);
    refused(tool, usual, 0); /* nobody is there */
    asked(tool, &task, usual);
    finished(tool, &task, 0, cleaned);
    tool_free(tool);
}

static pid_t stopped;
static volatile sig_atomic_t alarms;

static void
go_on_at_the_third(int signal)
{
    (void)signal;
    if (++alarms == 3)
        kill(stopped, SIGCONT);
}

static void
signals_are_no_answer(void)
{
    struct sigaction action = {.sa_handler = go_on_at_the_third};
    struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
    struct tool *tool = tool_new(cleaner);
    struct task task;

    asked(tool, &task, usual);
    finished(tool, &task, 0, cleaned);
    stopped = child();
    kill(stopped, SIGSTOP);
    asked(tool, &task, usual);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    tool_await(tool, &task.pid);
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK(alarms >= 3 && task.pid > 0, "waited for");
    if (task.pid > 0)
        finished(tool, &task, 0, cleaned);
    tool_free(tool);
}

static void
what_is_stopped_is_dismissed(void)
{
    struct tool *tool = tool_new(cleaner);
    struct task begun, task;

    asked(tool, &begun, usual);
    tool_await(tool, &begun.pid);
    kill(child(), SIGSTOP);
    asked(tool, &task, usual);
    CHECK(tool_has_answered(tool, &begun.pid), "begun");
    CHECK(!tool_has_answered(tool, &task.pid), "not begun");
    tool_dismiss(tool);
    CHECK(tool_has_answered(tool, &task.pid) && task.pid == PROCESS_LOST, "lost");
    drop(&task);
    finished(tool, &begun, 0, cleaned);
    asked(tool, &task, usual); /* there is another */
    finished(tool, &task, 0, cleaned);
    tool_free(tool);
}

static void
too_much_is_refused(void)
{
    static char long_word[MO_STANDBY_TEXT];
    const char *const words[] = {"dcatapclean", "-b", long_word, NULL};
    const char *many[MO_STANDBY_ARGUMENTS + 2] = {NULL};
    struct tool *tool = tool_new(cleaner);
    struct task task;

    memset(long_word, 'a', sizeof long_word - 1);
    refused(tool, words, E2BIG);
    for (int i = 0; i <= MO_STANDBY_ARGUMENTS; ++i)
        many[i] = "-q";
    refused(tool, many, E2BIG);
    asked(tool, &task, usual);
    finished(tool, &task, 0, cleaned);
    tool_free(tool);
}

static void
what_is_not_there_is_no_tool(void)
{
    struct tool *tool = tool_new("../../bin/no-such-program");

    CHECK(tool == NULL, "there is none");
    tool_free(tool);
}

static const struct unit_test tests[] = {TEST(each_task_is_a_process_of_ours),
    TEST(arguments_and_limits_are_its_own), TEST(what_is_lost_is_said),
    TEST(signals_are_no_answer), TEST(what_is_stopped_is_dismissed),
    TEST(too_much_is_refused), TEST(what_is_not_there_is_no_tool)};

int
main(int argc, char *argv[])
{
    signal(SIGPIPE, SIG_IGN);
    return STANDS_BY
               ? unit_main("tool", tests, sizeof tests / sizeof tests[0], argc, argv)
               : 0;
}
