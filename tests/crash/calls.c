/*
 * The functions of the C library that libluma uses to change a file or to reach the gateway. The
 * program defines them itself, so that they are called instead of the real ones.
 *
 * In a thread that called control(), each of them first asks the test what to do, and waits for the
 * answer. So the test decides which thread runs next, which call fails, and where a process dies.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* The answers of the test, each followed by an error number. */
enum {
    GO_ON = 'c',
    FAIL = 'e', /* with the error number, without doing anything */
    SHORTEN = 's', /* process only half of the bytes */
    DIE_BEFORE = 'b',
    DIE_AFTER = 'a',
    DIE_HALFWAY = 'h' /* after half of the bytes */
};

/* 0 in a thread that is not controlled. */
static __thread int channel;
static __thread char answer;

/* Dies by a signal or, for an odd number, by _exit. Neither runs a handler or flushes anything. */
static void die(int how)
{
    if (how % 2 == 1)
        syscall(SYS_exit_group, 1);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

void say(const char *text)
{
    if (syscall(SYS_write, channel, text, strlen(text)) < 0)
        die(0);
}

static int how_to_die;

/* Asks what to do with a call; `size` is what it reads or writes. Returns the error number to fail
 * with, or 0. */
static int ask(const char *name, int file, const char *path, size_t size)
{
    char link[32], target[1024] = "", text[1200];
    unsigned char reply[2];

    answer = GO_ON;
    if (channel == 0)
        return 0;
    if (path == NULL) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        if (readlink(link, target, sizeof target - 1) < 0)
            target[0] = '\0';
        path = target;
    }
    snprintf(text, sizeof text, "%s %zu %s\n", name, size, path);
    say(text);
    if (syscall(SYS_read, channel, reply, sizeof reply) != sizeof reply)
        die(0); /* the test has ended */
    answer = (char)reply[0];
    how_to_die = reply[1];
    if (answer == DIE_BEFORE)
        die(how_to_die);
    return answer == FAIL ? reply[1] : 0;
}

static void done(void)
{
    if (answer == DIE_AFTER || answer == DIE_HALFWAY)
        die(how_to_die);
}

static size_t shortened(size_t size)
{
    return answer == SHORTEN || answer == DIE_HALFWAY ? (size + 1) / 2 : size;
}

#define CALL(type, name, parameters, file, path, written, ...)                                     \
    do {                                                                                           \
        type(*next) parameters;                                                                    \
        type result;                                                                               \
        int error = ask(#name, file, path, written);                                               \
                                                                                                   \
        if (error != 0) {                                                                          \
            errno = error;                                                                         \
            return -1;                                                                             \
        }                                                                                          \
        *(void **)&next = dlsym(RTLD_NEXT, #name);                                                 \
        result = next(__VA_ARGS__);                                                                \
        done();                                                                                    \
        return result;                                                                             \
    } while (0)

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list more;                                                                              \
        mode_t mode;                                                                               \
                                                                                                   \
        va_start(more, flags);                                                                     \
        mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                                         \
        va_end(more);                                                                              \
        CALL(int, name, (const char *, int, ...), -1, path, 0, path, flags, mode);                 \
    }

OPEN(open)
OPEN(open64)

/* Declared here, because the system's declaration promises a path. */
int statx(int folder, const char *path, int flags, unsigned mask, struct statx *out);

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *out)
{
    CALL(int, statx, (int, const char *, int, unsigned, struct statx *), folder, NULL, 0, folder,
         path, flags, mask, out);
}

int fcntl(int file, int command, ...)
{
    va_list more;
    long argument;

    va_start(more, command);
    argument = va_arg(more, long);
    va_end(more);
    CALL(int, fcntl, (int, int, ...), file, NULL, 0, file, command, argument);
}

int flock(int file, int operation)
{
    CALL(int, flock, (int, int), file, NULL, 0, file, operation);
}

ssize_t read(int file, void *data, size_t size)
{
    CALL(ssize_t, read, (int, void *, size_t), file, NULL, size, file, data, shortened(size));
}

ssize_t write(int file, const void *data, size_t size)
{
    CALL(ssize_t, write, (int, const void *, size_t), file, NULL, size, file, data,
         shortened(size));
}

int unlink(const char *path)
{
    CALL(int, unlink, (const char *), -1, path, 0, path);
}

int ftruncate64(int file, off64_t length)
{
    CALL(int, ftruncate64, (int, off64_t), file, NULL, 0, file, length);
}

/* Not executed: the test knows what would be on the disk. */
static int sync_file(const char *name, int file)
{
    int error = ask(name, file, NULL, 0);

    if (error != 0) {
        errno = error;
        return -1;
    }
    done();
    return 0;
}

int fsync(int file)
{
    return sync_file("fsync", file);
}

int fdatasync(int file)
{
    return sync_file("fdatasync", file);
}

int socket(int domain, int type, int protocol)
{
    CALL(int, socket, (int, int, int), -1, "", 0, domain, type, protocol);
}

int getsockopt(int file, int level, int name, void *value, socklen_t *size)
{
    CALL(int, getsockopt, (int, int, int, void *, socklen_t *), file, NULL, 0, file, level, name,
         value, size);
}

int setsockopt(int file, int level, int name, const void *value, socklen_t size)
{
    CALL(int, setsockopt, (int, int, int, const void *, socklen_t), file, NULL, 0, file, level,
         name, value, size);
}

/* glibc declares the address as a union. */
#pragma GCC diagnostic ignored "-Wpedantic"
int connect(int file, const struct sockaddr *address, socklen_t size)
{
    CALL(int, connect, (int, const struct sockaddr *, socklen_t), file, NULL, 0, file, address,
         size);
}

ssize_t send(int file, const void *data, size_t size, int flags)
{
    CALL(ssize_t, send, (int, const void *, size_t, int), file, NULL, size, file, data,
         shortened(size), flags);
}

ssize_t recv(int file, void *data, size_t size, int flags)
{
    CALL(ssize_t, recv, (int, void *, size_t, int), file, NULL, 0, file, data, size, flags);
}

/* Linux closes the file even if close fails. */
int close(int file)
{
    int error = ask("close", file, NULL, 0), result = (int)syscall(SYS_close, file);

    done();
    if (error == 0)
        return result;
    errno = error;
    return -1;
}

void control(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (connect(file, (struct sockaddr *)&address, sizeof address) != 0)
        exit(2);
    channel = file;
}
