/* A recording on the disk as the daemon leaves it: a folder with an event log and tracks. */
#pragma once

#include "lib/footage.h"

G_BEGIN_DECLS

#define ANNA "paaaaaaaaaaaa"
#define BEN "pbbbbbbbbbbbb"
#define CEM "pcccccccccccc"

typedef struct {
  char *folder;
  GString *log;
} Meeting;

/* With the log's first line. */
Meeting *meeting_new (void);
/* Removes the folder. */
void meeting_free (Meeting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Meeting, meeting_free)

/* A line of the log at `t` ms: `type`, and further members as JSON ("" or ",…"). */
void meeting_say (Meeting *self, double t, const char *type, const char *format, ...) G_GNUC_PRINTF (4, 5);
/* Shorthands of it. */
void meeting_person (Meeting *self, double t, const char *person, const char *name);
void meeting_sending (Meeting *self, double t, const char *person, gboolean microphone, gboolean camera,
                      gboolean screen);
/* `t`: of its first frame; negative: no line says so. `file` without folder. */
void meeting_pictures (Meeting *self, double t, const char *file, const CvTestPictures *pictures);
void meeting_sound (Meeting *self, double t, const char *file, const CvTestSound *sound);
/* The path of something in the folder. Returns: (transfer full). */
char *meeting_path (const Meeting *self, const char *name);
/* Writes the log as it is now. */
void meeting_write (const Meeting *self);

G_END_DECLS
