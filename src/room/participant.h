/* A person in a meeting. Owned by the meeting. Main thread. Knows no socket. */
#pragma once

#include "room/policy.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CV_NAME_MAX_CHARACTERS 60

/* What a person sends. */
typedef struct {
  gboolean microphone;
  gboolean camera;
  gboolean screen;
} CvSending;

typedef struct {
  char *id; /* "p" + 12 */
  char *name;
  CvRole role;
  CvSending sending;
  gboolean away;    /* the socket is lost, the seat is kept */
  gpointer session; /* of the signalling layer, borrowed; NULL once it is gone */
} CvParticipant;

CvParticipant *cv_participant_new (const char *name, CvRole role, const CvSending *sending);
void cv_participant_free (CvParticipant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvParticipant, cv_participant_free)

G_END_DECLS
