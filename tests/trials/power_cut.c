/* Notes what a process has brought to the disk, for test_power_cuts.py; loaded by LD_PRELOAD.
 *
 * Each successful fsync, fdatasync, syncfs, sync and msync below POWER_CUT_ROOT adds lines to the file POWER_CUT_LOG:
 *   F file size       a file was brought to the disk, as long as it was before the call
 *   D file count      a folder was, with so many names, each on a line of its own that follows:
 *   E file name
 * where "file" is inode:seconds.nanoseconds, the latter of its birth, as inodes are used again.
 * A note is one write to a file opened for appending, made before the caller goes on, so it is older than whatever the
 * caller tells anyone.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_ours(const char *path) {
    const char *root = getenv("POWER_CUT_ROOT");
    return root && strncmp(path, root, strlen(root)) == 0;
}

static void note(const char *text, size_t length) {
    const char *log = getenv("POWER_CUT_LOG");
    int file = log ? open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;
    if (file < 0 || write(file, text, length) != (ssize_t)length) abort();
    close(file);
}

static int about(int folder, const char *path, struct statx *found) {
    return statx(folder, path, AT_SYMLINK_NOFOLLOW | (*path ? 0 : AT_EMPTY_PATH), STATX_BASIC_STATS | STATX_BTIME, found);
}

static const char *name_of(const struct statx *file, char *text) {
    sprintf(text, "%llu:%lld.%u", (unsigned long long)file->stx_ino, (long long)file->stx_btime.tv_sec,
            file->stx_btime.tv_nsec);
    return text;
}

static void note_file(const struct statx *before) {
    char line[160], name[80];
    note(line, (size_t)snprintf(line, sizeof line, "F %s %llu\n", name_of(before, name),
                                (unsigned long long)before->stx_size));
}

/* The names of a folder as they are now: taken before the sync, so that none is noted that came during it. */
static char *listing(const char *path, size_t *length) {
    char *text = NULL, *names = NULL;
    size_t names_length = 0;
    long count = 0;
    char file[80];
    struct statx found;
    struct dirent *entry;
    FILE *out = open_memstream(&names, &names_length);
    DIR *folder = opendir(path);
    if (!folder || !out) abort();
    while ((entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
            about(dirfd(folder), entry->d_name, &found) == 0) { /* else it went meanwhile */
            fprintf(out, "E %s %s\n", name_of(&found, file), entry->d_name);
            count++;
        }
    fclose(out);
    if (about(dirfd(folder), "", &found)) abort();
    closedir(folder);
    int written = asprintf(&text, "D %s %ld\n%s", name_of(&found, file), count, names);
    if (written < 0) abort();
    free(names);
    *length = (size_t)written;
    return text;
}

static int path_of(int file, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static int synced(int file, int (*real)(int)) {
    char path[PATH_MAX + 1];
    struct statx before;
    int saved = errno;
    if (!path_of(file, path) || about(file, "", &before)) {
        errno = saved;
        return real(file);
    }
    size_t length = 0;
    char *names = S_ISDIR(before.stx_mode) ? listing(path, &length) : NULL;
    errno = saved;
    int result = real(file);
    saved = errno;
    if (result == 0) {
        if (names) note(names, length);
        else note_file(&before);
    }
    free(names);
    errno = saved;
    return result;
}

static int walked(const char *path, const struct stat *ignored, int kind, struct FTW *place) {
    struct statx found;
    (void)place, (void)ignored;
    if (kind == FTW_D) {
        size_t length;
        char *names = listing(path, &length);
        note(names, length);
        free(names);
    } else if (kind == FTW_F && about(AT_FDCWD, path, &found) == 0) {
        note_file(&found);
    }
    return 0;
}

static void note_everything(void) {
    int saved = errno;
    const char *root = getenv("POWER_CUT_ROOT");
    if (root) nftw(root, walked, 16, FTW_PHYS);
    errno = saved;
}

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

int fsync(int file) { return synced(file, (int (*)(int))next("fsync")); }

int fdatasync(int file) { return synced(file, (int (*)(int))next("fdatasync")); }

int syncfs(int file) {
    int result = ((int (*)(int))next("syncfs"))(file);
    if (result == 0) note_everything();
    return result;
}

void sync(void) {
    ((void (*)(void))next("sync"))();
    note_everything();
}

/* Which file is mapped stands in /proc/self/maps; the whole file counts as synced, as nothing here maps a part. */
int msync(void *start, size_t length, int flags) {
    int result = ((int (*)(void *, size_t, int))next("msync"))(start, length, flags);
    int saved = errno;
    FILE *maps = result == 0 && flags & MS_SYNC ? fopen("/proc/self/maps", "re") : NULL;
    char line[PATH_MAX + 128];
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long first, last;
        char path[PATH_MAX + 1];
        struct statx found;
        if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %4096[^\n]", &first, &last, path) == 3 &&
            first <= (unsigned long)start && (unsigned long)start < last && is_ours(path) &&
            about(AT_FDCWD, path, &found) == 0)
            note_file(&found);
    }
    if (maps) fclose(maps);
    errno = saved;
    return result;
}
