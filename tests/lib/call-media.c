/* See call-media.h. */
#include "lib/call-media.h"

#include <unistd.h>

struct _CvExchange {
  int unused;
};

struct _CvBridge {
  int fd;
  CvBridgeEndedFunc ended;
  gpointer user_data;
};

struct _CvCallMedia {
  int fds[2];
  CvCallMediaFuncs funcs;
  gpointer user_data;
  CvCallAgreement agreement;
  guint said, idle;
  gboolean muted, loops;
  guint32 number;
};

static CvCallMedia *last;
static CvBridge *last_bridge; /* the last one */
static guint count, bridges;

CvExchange *
cv_exchange_new (CvDtlsIdentity *identity)
{
  return g_new0 (CvExchange, 1);
}

void
cv_exchange_free (CvExchange *self)
{
  g_free (self);
}

CvBridge *
cv_bridge_new (CvExchange *exchange, int fd, CvBridgeEndedFunc ended, gpointer user_data)
{
  CvBridge *self = g_new0 (CvBridge, 1);
  *self = (CvBridge){ fd, ended, user_data };
  bridges++;
  return last_bridge = self;
}

void
cv_bridge_free (CvBridge *self)
{
  close (self->fd);
  bridges--;
  g_free (self);
}

CvCallMedia *
cv_call_media_new (CvExchange *exchange, int rtp_fd, int rtcp_fd, const CvCallMediaFuncs *funcs, gpointer user_data)
{
  CvCallMedia *self = g_new0 (CvCallMedia, 1);
  self->fds[0] = rtp_fd;
  self->fds[1] = rtcp_fd;
  self->funcs = *funcs;
  self->user_data = user_data;
  count++;
  return last = self;
}

void
cv_call_media_free (CvCallMedia *self)
{
  close (self->fds[0]);
  close (self->fds[1]);
  g_clear_handle_id (&self->idle, g_source_remove);
  if (last == self)
    last = NULL;
  count--;
  g_free (self);
}

gboolean
cv_call_media_agree (CvCallMedia *self, const CvCallAgreement *agreement)
{
  self->agreement = *agreement;
  return TRUE;
}

gboolean
cv_call_media_attach (CvCallMedia *self, CvBridge *bridge, guint32 number)
{
  self->number = bridge != NULL ? number : 0;
  return TRUE;
}

void
cv_call_media_set_muted (CvCallMedia *self, gboolean muted)
{
  self->muted = muted;
}

static gboolean
on_said (gpointer user_data)
{
  CvCallMedia *self = user_data;
  self->idle = 0;
  self->funcs.said (self, self->user_data);
  return G_SOURCE_REMOVE;
}

void
cv_call_media_say (CvCallMedia *self, GBytes *samples)
{
  self->said++;
  if (self->idle == 0)
    self->idle = g_idle_add (on_said, self);
}

void
cv_call_media_set_loop (CvCallMedia *self, GBytes *samples, guint pause_ms)
{
  self->loops = samples != NULL;
}

void
cv_call_media_hush (CvCallMedia *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
}

CvCallMedia *
cv_test_call_media (void)
{
  return last;
}

guint
cv_test_call_media_count (void)
{
  return count;
}

void
cv_test_call_media_press (CvCallMedia *self, const char *digits)
{
  for (; *digits != '\0'; digits++)
    self->funcs.digit (self, *digits, self->user_data);
}

void
cv_test_call_media_lose (CvCallMedia *self, const char *reason)
{
  self->funcs.lost (self, reason, self->user_data);
}

const CvCallAgreement *
cv_test_call_media_agreement (CvCallMedia *self)
{
  return &self->agreement;
}

guint
cv_test_call_media_said (CvCallMedia *self)
{
  guint said = self->said;
  self->said = 0;
  return said;
}

gboolean
cv_test_call_media_is_muted (CvCallMedia *self)
{
  return self->muted;
}

guint32
cv_test_call_media_number (CvCallMedia *self)
{
  return self->number;
}

gboolean
cv_test_call_media_loops (CvCallMedia *self)
{
  return self->loops;
}

guint
cv_test_bridge_count (void)
{
  return bridges;
}

void
cv_test_bridge_end (void)
{
  last_bridge->ended (last_bridge, last_bridge->user_data);
}
