/* A recording as the library shows it: its row, its files, what is made of it. A value. Knows how it stands in JSON, which
 * the REST interface and webhooks share (signalling/PROTOCOL.md §3). */
#pragma once

#include "base/json.h"
#include "store/recording-files.h"
#include "store/recordings.h"
#include "store/renders.h"

G_BEGIN_DECLS

typedef struct {
  CvRecordingRow *row;
  GPtrArray *files;   /* of CvRecordingFileRow, by name */
  GPtrArray *renders; /* of CvRenderRow, oldest first; stage and done are those of now */
} CvEntry;

void cv_entry_free (CvEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvEntry, cv_entry_free)

/* What is being made now, or is next; borrowed, NULL: nothing. */
const CvRenderRow *cv_entry_get_open_render (const CvEntry *self);

/* Members of a recording's object, which is open and stays so: id, room, … progress; `files` and `renders` where asked for. */
typedef enum { CV_ENTRY_PLAIN = 0, CV_ENTRY_FILES = 1, CV_ENTRY_RENDERS = 2 } CvEntryParts;
void cv_entry_add (const CvEntry *self, JsonBuilder *builder, CvEntryParts parts);
/* A rendering, as an object of its own. */
void cv_entry_add_render (const CvRenderRow *render, JsonBuilder *builder);

/* "video/mp4", … by the end of a file's name; static. */
const char *cv_entry_get_media_type (const char *name);

G_END_DECLS
