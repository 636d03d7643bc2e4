/* conclave-render, started as the daemon does it, and what it told. */
#pragma once

#include "ipc/channel.h"
#include "meeting.h"

G_BEGIN_DECLS

typedef struct {
  const char *layout;   /* NULL: grid */
  const char *products; /* JSON strings; NULL: "repair","video" */
  const char *without;  /* JSON strings; NULL: none */
  const char *suffix;   /* NULL: "" */
  gint64 from, to;      /* ms; both 0: all */
  guint width, height;  /* 0: 640×360 */
  guint fps;            /* 0: 30 */
  const char *kill;     /* a stage: the process is killed when it is so far in it */
  double kill_at;       /* of the whole */
} Wish;

typedef struct {
  JsonObject *end;   /* `done` or `failed`; NULL: it was killed */
  GPtrArray *files;  /* JsonObject: `file` */
  GPtrArray *stages; /* JsonObject: `progress` */
  guint alive;
  gboolean succeeded; /* done, and it left with 0 */
  gboolean crashed;
} Rendering;

/* Comes back when the process is gone. */
Rendering *rendering_run (const Meeting *meeting, const Wish *wish);
void rendering_free (Rendering *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rendering, rendering_free)

/* What was told of that file; NULL: nothing. */
JsonObject *rendering_find (const Rendering *self, const char *name);

G_END_DECLS
