/*
 * Preloaded into one process, sets its wall clock apart by CLOCK_OFFSET_MILLIS; monotonic clocks stay.
 * libfaketime cannot be used: it allocates while it starts, and the server's own allocator asks for the time.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int) syscall(SYS_clock_gettime, clock, time);
  const char *set = getenv("CLOCK_OFFSET_MILLIS");
  if (result == 0 && clock == CLOCK_REALTIME && set != NULL) {
    long long nanos = (time->tv_sec * 1000LL + atol(set)) * 1000000LL + time->tv_nsec;
    time->tv_sec = nanos / 1000000000LL;
    time->tv_nsec = nanos % 1000000000LL;
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  (void) zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
    return -1;
  }
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
