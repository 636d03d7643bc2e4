/* A person in a meeting. Owned by the meeting. Main thread. Knows no socket. */
#pragma once

#include "base/bucket.h"
#include "room/bans.h"
#include "room/policy.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CV_NAME_MAX_CHARACTERS 60

/* What a person sends; a screen with its sound. */
typedef struct {
  gboolean microphone;
  gboolean camera;
  gboolean screen;
} CvSending;

typedef enum { CV_SENDING_MICROPHONE, CV_SENDING_CAMERA, CV_SENDING_SCREEN, CV_N_SENDINGS } CvSendingPart;

/* "microphone", "camera", "screen", NULL. */
extern const char *const cv_sending_parts[];
gboolean *cv_sending_get_part (CvSending *self, CvSendingPart part);

typedef struct {
  char *id; /* "p" + 12 */
  char *name;
  CvRole role;
  CvRole came_as;         /* by what they brought along: a key, an account. `role` may be another one since */
  CvIdentity identity;    /* by what they are known again; owned */
  GPtrArray *formerly;    /* ids of their seats before, owned; NULL: there were none */
  CvBucket reactions;     /* how many more they may give */
  CvSending sending;      /* nothing where they may not publish */
  gint64 hand;            /* when it was raised, ms since 1970; 0: it is down */
  gboolean away;          /* the socket is lost, the seat is kept */
  gboolean stream;        /* comes without a browser (PROTOCOL.md §3.1): there is nobody who could turn anything on */
  gboolean phone;         /* calls by phone: keys and prompts in place of a page */
  gboolean consents;      /* agreed beforehand to be recorded: an encoder, whose token says so */
  gboolean unrecorded;    /* a recording is on, and this one is not in it */
  gboolean listens;       /* did not want to be recorded: nothing of what they send is passed on now */
  gboolean watches_stats; /* a host who asked for what everyone's connection does */
  gpointer session;       /* of the signalling layer, borrowed; NULL once it is gone */
} CvParticipant;

CvParticipant *cv_participant_new (const char *name, CvRole role, const CvSending *sending);
void cv_participant_free (CvParticipant *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvParticipant, cv_participant_free)

/* Oneself one may do more: this is about others. */
gboolean cv_participant_is_above (const CvParticipant *self, const CvParticipant *other);

/* What of it reaches others. */
CvSending cv_participant_get_heard (const CvParticipant *self);

G_END_DECLS
