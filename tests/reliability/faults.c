/* What a disk can do to a program, at one chosen moment. Loaded before libc (LD_PRELOAD) it counts every call that changes
   something below one folder: write, pwrite, writev, fsync, fdatasync, ftruncate, rename, link, unlink, mkdir, and open where
   it creates a file. At the chosen call it kills the process, writes half and kills it, fails, or takes a folder away.
   SQLite's calls pass here, too: they go through libc. What is mapped into memory (its -shm) is no call and is not seen, nor
   is what libc's own fwrite does (annoy's file, NumPy's arrays: derived, and verified by checksum).

   Made and used by tests/reliability/shim.py; nothing of the program knows it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, KILL, TORN, FULL, IO_ERROR, AWAY };

struct seen {
    long points;   /* calls counted so far */
    long images;   /* for whoever looks on: what the network was given */
    char what[512];/* the call at which it happened */
};

static struct seen *seen;
static int kind = NOTHING;
static long chosen;
static int full;
static char root[PATH_MAX], from[PATH_MAX], to[PATH_MAX], hang[PATH_MAX], hang_while[PATH_MAX];

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((visibility("default"))) struct seen *faults_seen(void) { return seen; }

/* From now on: at call number `at` below `below` do `what`; for AWAY, rename `one` to `other`. */
__attribute__((visibility("default"))) void faults_arm(int what, long at, const char *below, const char *one, const char *other) {
    snprintf(root, sizeof root, "%s", below);
    snprintf(from, sizeof from, "%s", one);
    snprintf(to, sizeof to, "%s", other);
    seen->points = seen->images = 0;
    seen->what[0] = 0;
    chosen = at;
    full = 0;
    kind = what;
}

static const char *of(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value ? value : otherwise;
}

__attribute__((constructor)) static void begin(void) {
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    snprintf(hang, sizeof hang, "%s", of("FAULTS_HANG", ""));
    snprintf(hang_while, sizeof hang_while, "%s", of("FAULTS_HANG_WHILE", ""));
    if (getenv("FAULTS_KIND"))
        faults_arm(atoi(getenv("FAULTS_KIND")), atol(of("FAULTS_AT", "0")), of("FAULTS_ROOT", "/"), of("FAULTS_FROM", ""), of("FAULTS_TO", ""));
    unsetenv("FAULTS_KIND"); /* the processes that it starts are not meant */
}

static int below(const char *path) {
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int is_ours(const char *path) {
    char whole[PATH_MAX];
    if (path[0] == '/') return below(path);
    if (!getcwd(whole, sizeof whole)) return 0;
    return below(whole);
}

static int file_is_ours(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

/* Count one call. Returns 0: do it; an errno: fail with it; -1: do half of it and die. */
static int met(const char *call, const char *path, int grows) {
    long number = __atomic_add_fetch(&seen->points, 1, __ATOMIC_SEQ_CST);
    if (full && grows) return ENOSPC;
    if (number != chosen) return 0;
    snprintf(seen->what, sizeof seen->what, "%s %s", call, path);
    switch (kind) {
    case KILL: kill(getpid(), SIGKILL); pause(); return 0;
    case TORN: return -1;
    case FULL: full = 1; return ENOSPC;
    case IO_ERROR: return EIO;
    case AWAY: { REAL(rename); real(from, to); return 0; }
    default: return 0;
    }
}

static void die(void) { kill(getpid(), SIGKILL); pause(); }

#define ANSWER(how, half, whole) \
    do { \
        if (how > 0) { errno = how; return -1; } \
        if (how < 0) { half; die(); } \
        return whole; \
    } while (0)

ssize_t write(int file, const void *data, size_t size) {
    REAL(write);
    char path[PATH_MAX];
    if (!root[0] || !file_is_ours(file, path)) return real(file, data, size);
    int how = met("write", path, 1);
    ANSWER(how, (void)!real(file, data, size / 2), real(file, data, size));
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    char path[PATH_MAX];
    if (!root[0] || !file_is_ours(file, path)) return real(file, data, size, at);
    int how = met("pwrite", path, 1);
    ANSWER(how, (void)!real(file, data, size / 2, at), real(file, data, size, at));
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    char path[PATH_MAX];
    if (!root[0] || !file_is_ours(file, path)) return real(file, data, size, at);
    int how = met("pwrite", path, 1);
    ANSWER(how, (void)!real(file, data, size / 2, at), real(file, data, size, at));
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(writev);
    char path[PATH_MAX];
    if (!root[0] || !file_is_ours(file, path)) return real(file, parts, count);
    int how = met("writev", path, 1);
    ANSWER(how, (void)!real(file, parts, 1), real(file, parts, count));
}

#define ON_FILE(name) \
    int name(int file) { \
        REAL(name); \
        char path[PATH_MAX]; \
        if (!root[0] || !file_is_ours(file, path)) return real(file); \
        int how = met(#name, path, 0); \
        ANSWER(how, real(file), real(file)); \
    }
ON_FILE(fsync)
ON_FILE(fdatasync)

#define TRUNCATE(name, kind_of_size) \
    int name(int file, kind_of_size size) { \
        REAL(name); \
        char path[PATH_MAX]; \
        if (!root[0] || !file_is_ours(file, path)) return real(file, size); \
        int how = met("ftruncate", path, size > 0); \
        ANSWER(how, real(file, size), real(file, size)); \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define ON_TWO(name) \
    int name(const char *one, const char *other) { \
        REAL(name); \
        if (!root[0] || !is_ours(other)) return real(one, other); \
        int how = met(#name, other, 0); \
        ANSWER(how, real(one, other), real(one, other)); \
    }
ON_TWO(rename)
ON_TWO(link)

int unlink(const char *path) {
    REAL(unlink);
    if (!root[0] || !is_ours(path)) return real(path);
    int how = met("unlink", path, 0);
    ANSWER(how, real(path), real(path));
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (!root[0] || !is_ours(path)) return real(path, mode);
    int how = met("mkdir", path, 1);
    ANSWER(how, real(path, mode), real(path, mode));
}

/* A network drive that does not answer: whoever asks waits for ever, or while the file FAULTS_HANG_WHILE is there. */
static void wait_if_dead(const char *path) {
    size_t length = strlen(hang);
    if (!length || !path || strncmp(path, hang, length) != 0 || (path[length] != '/' && path[length] != 0)) return;
    while (!hang_while[0] || access(hang_while, F_OK) == 0) usleep(20000);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        wait_if_dead(path); \
        if (root[0] && (flags & O_CREAT) && is_ours(path) && access(path, F_OK) != 0) { \
            int how = met("create", path, 1); \
            ANSWER(how, real(path, flags, mode), real(path, flags, mode)); \
        } \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

DIR *opendir(const char *path) {
    REAL(opendir);
    wait_if_dead(path);
    return real(path);
}

#define LOOK(name) \
    int name(const char *path, struct stat *found) { \
        REAL(name); \
        wait_if_dead(path); \
        return real(path, found); \
    }
LOOK(stat)
LOOK(lstat)
#define LOOK64(name) \
    int name(const char *path, struct stat64 *found) { \
        REAL(name); \
        wait_if_dead(path); \
        return real(path, found); \
    }
LOOK64(stat64)
LOOK64(lstat64)

int fstatat64(int folder, const char *path, struct stat64 *found, int flags) {
    REAL(fstatat64);
    wait_if_dead(path);
    return real(folder, path, found, flags);
}

int fstatat(int folder, const char *path, struct stat *found, int flags) {
    REAL(fstatat);
    wait_if_dead(path);
    return real(folder, path, found, flags);
}

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    REAL(statx);
    wait_if_dead(path);
    return real(folder, path, flags, mask, found);
}
