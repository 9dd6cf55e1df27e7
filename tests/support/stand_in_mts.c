/* Stands in for libMTS where tests run: what its client asks for, and hands for the test to be the master.

   The client opens libMTS by a path of its own; preloaded, this library answers to that path. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static double pitches[128];
static bool filtered[128], master;
static int clients;

void *dlopen(const char *path, int flags) {
    void *(*next)(const char *, int) = dlsym(RTLD_NEXT, "dlopen");
    if (path && strcmp(path, "/usr/local/lib/libMTS.so") == 0) return next(NULL, flags);
    return next(path, flags);
}

bool MTS_HasIPC(void) { return true; }
bool MTS_HasMaster(void) { return master; }
void MTS_RegisterClient(void) { clients++; }
void MTS_DeregisterClient(void) { clients--; }
const double *MTS_GetTuningTable(void) { return pitches; }
bool MTS_ShouldFilterNote(char note, char channel) { return filtered[note & 127]; }
const char *MTS_GetScaleName(void) { return "Standing in"; }

void stand_in_master(bool is_there) { master = is_there; }
void stand_in_tune(int note, double hz) { pitches[note] = hz; }
void stand_in_filter(int note, bool is) { filtered[note] = is; }
int stand_in_clients(void) { return clients; }
