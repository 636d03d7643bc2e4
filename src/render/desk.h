/* What every stage of a job works with: the order, the kit, the programme, who is told, and whether it is still wanted.
 *
 * Belongs to the job's thread, but for `cancelled`. Progress is of the whole job: each stage has its share.
 */
#pragma once

#include "render/deposit.h"
#include "render/kit.h"
#include "render/reporter.h"
#include "render/programme.h"

G_BEGIN_DECLS

typedef struct {
  const CvOrder *order; /* borrowed, like all of these */
  const CvKit *kit;
  CvReporter *reporter;
  gint cancelled; /* atomic */
  CvProgramme *programme;
  char *folder;    /* files/.chunks-JOB: what an earlier run of this job has done already */
  GPtrArray *made; /* of CvMade, for the manifest */
  const char *stage;
  double begin, share; /* of the stage, 0…1 of the whole */
  gint64 told;         /* µs: when progress was told last */
} CvDesk;

typedef struct {
  char *name;
  const char *kind;
  CvDeposit deposit;
} CvMade;

void cv_desk_init (CvDesk *self, const CvOrder *order, const CvKit *kit, CvReporter *reporter);
void cv_desk_clear (CvDesk *self);

/* Makes the folder, empty unless it was made for the same order and programme. */
gboolean cv_desk_prepare (CvDesk *self, GError **error);
/* A file of files/ is complete and this job's: then an earlier run need not have been for nothing. */
gboolean cv_desk_mark (const CvDesk *self, const char *path, GError **error);
gboolean cv_desk_is_marked (const CvDesk *self, const char *path);

/* A stage begins that is this part of all. */
void cv_desk_begin (CvDesk *self, const char *stage, double begin, double share);
/* 0…1 of the stage. FALSE with CV_FAILURE_CANCELLED: stop. Cheap: ask often. */
gboolean cv_desk_go_on (CvDesk *self, double done, GError **error);

/* files/NAME with the order's suffix before the ending. Returns: (transfer full). */
char *cv_desk_path (const CvDesk *self, const char *name);
/* A file that has its name: measures it, tells of it, keeps it for the manifest. `path` is below files/ or tracks/. */
gboolean cv_desk_deliver (CvDesk *self, const char *path, const char *kind, const CvCut *cut, gint64 t, gint64 duration,
                          GError **error);
/* Writes files/NAME from memory and delivers it. */
gboolean cv_desk_put (CvDesk *self, const char *name, const char *kind, const char *text, gsize n, GError **error);

G_END_DECLS
