/* What a recording is about, on the composed timeline: who was there, what they sent and when they spoke, and where in which
 * file that is.
 *
 * Made of the event log and the tracks' files (edit.h); owns people, tracks and their open files. Built once, then cut
 * to what is asked for and only read, but for the footage, each of which is read by one at a time.
 */
#pragma once

#include "render/event-log.h"
#include "render/footage.h"
#include "render/spans.h"

G_BEGIN_DECLS

typedef struct {
  char id[16];
  char *name;
  gboolean spoken_for;                  /* it was said what they send; else their tracks say so */
  GArray *present;                      /* CvPeriod: on stage, and may be recorded */
  GArray *microphone, *camera, *screen; /* CvPeriod: what they said that they send */
  GArray *speaking;                     /* CvPeriod */
} CvCharacter;

/* Where the sender's clock says that a track is early or late beside the same person's others. */
typedef struct {
  gint64 pts, shift; /* µs */
} CvShift;

typedef struct {
  char *name;          /* of its file, below tracks/ */
  CvCharacter *person; /* borrowed */
  CvTrackSource source;
  guint segment;
  CvFootage *footage;
  gint64 start;    /* of pts 0; may be before the beginning */
  gint64 from, to; /* what of it counts; nothing where they are equal */
  GArray *shifts;  /* CvShift, by pts */
  GArray *clocks;  /* CvClockMark: as the log has them */
} CvCut;

/* The sender's clock at a time of the file. */
typedef struct {
  gint64 pts, ntp; /* µs */
} CvClockMark;

/* From then on, until the next. */
typedef struct {
  gint64 t;
  CvCharacter *person; /* borrowed; NULL: nobody */
} CvTurn;

typedef struct {
  gint64 t;
  char *title;
} CvChapter;

typedef struct {
  char *title;
  gint64 duration;
  CvSpans *spans;
  GHashTable *by_id;        /* id → CvCharacter of people */
  GPtrArray *people;        /* CvCharacter, in the order they came */
  GPtrArray *cuts;          /* CvCut, by their beginning */
  GArray *speakers;         /* CvTurn: who is loudest */
  GArray *featured;         /* CvTurn: who is shown large; calmer than the speakers */
  GArray *chapters;         /* CvChapter: of the agenda, then all others too (chapters.h) */
  GArray *gaps;             /* CvPeriod: nothing was recorded, of nobody */
  const char *const *words; /* of base/film-words.h; borrowed */
} CvProgramme;

CvProgramme *cv_programme_new (void);
void cv_programme_free (CvProgramme *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvProgramme, cv_programme_free)

/* Who it is; NULL: nobody of that id. With `add` they are made. */
CvCharacter *cv_programme_find (CvProgramme *self, const char *id, gboolean add);
/* Leaves out these people (char *), and what is not in from … to (-1: the end); then `from` is 0. FALSE: nothing is left. */
gboolean cv_programme_crop (CvProgramme *self, gint64 from, gint64 to, const GPtrArray *without);

/* When a frame of that time in the file is seen or heard. */
gint64 cv_cut_compose (const CvCut *cut, gint64 pts);
/* The other way round, nearly: not later than exact by more than a shift changes. */
gint64 cv_cut_find_pts (const CvCut *cut, gint64 t);
/* The one that counts at `t`; NULL: there is none. */
CvCut *cv_programme_find_cut (const CvProgramme *self, const CvCharacter *person, CvTrackSource source, gint64 t);
/* Who has the turn at `t`. */
CvCharacter *cv_turns_find (const GArray *turns, gint64 t);

G_END_DECLS
