/* See engine.h. */
#include "rtc/engine.h"

#include "rtc/clock.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define EVENTS 64

CvRtcEngine *
cv_rtc_engine_new (const char *profiles, const char *ciphers, void (*emit) (const char *line))
{
  CvRtcIdentity *identity = cv_rtc_identity_new (profiles, ciphers);
  if (identity == NULL || srtp_init () != srtp_err_status_ok)
    return NULL;
  CvRtcEngine *self = g_new0 (CvRtcEngine, 1);
  CvRtcContext *context = &self->context;
  self->identity = identity;
  self->peers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) cv_rtc_peer_free);
  context->decrypt = CV_RTC_DECRYPT_SAMPLE;
  context->sample = 16;
  context->address = g_strdup ("127.0.0.1");
  context->kernel_time = context->pli = context->nack = TRUE;
  context->emit = emit;
  context->epoll = epoll_create1 (EPOLL_CLOEXEC);
  context->reset_at = cv_rtc_now ();
  context->real_to_monotonic = cv_rtc_real_to_monotonic ();
  const struct itimerspec every = { { 0, CV_RTC_MS }, { 0, CV_RTC_MS } };
  self->timer = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  timerfd_settime (self->timer, 0, &every, NULL);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = &self->timer };
  epoll_ctl (context->epoll, EPOLL_CTL_ADD, self->timer, &event);
  return self;
}

void
cv_rtc_engine_free (CvRtcEngine *self)
{
  g_hash_table_unref (self->peers);
  cv_rtc_identity_free (self->identity);
  close (self->timer);
  close (self->context.epoll);
  g_free (self->context.address);
  g_free (self);
}

void
cv_rtc_engine_watch (CvRtcEngine *self, int fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = self };
  epoll_ctl (self->context.epoll, EPOLL_CTL_ADD, fd, &event);
}

CvRtcPeer *
cv_rtc_engine_find (CvRtcEngine *self, guint id)
{
  CvRtcPeer *peer = g_hash_table_lookup (self->peers, GUINT_TO_POINTER (id));
  return peer != NULL && !peer->dead ? peer : NULL;
}

void
cv_rtc_engine_add (CvRtcEngine *self, CvRtcPeer *peer)
{
  g_hash_table_replace (self->peers, GUINT_TO_POINTER (peer->id), peer);
}

static void
tick (CvRtcEngine *self)
{
  GHashTableIter iter;
  gpointer peer;
  guint64 expirations;
  if (read (self->timer, &expirations, sizeof expirations) != sizeof expirations)
    return;
  self->context.real_to_monotonic = cv_rtc_real_to_monotonic ();
  guint64 now = cv_rtc_now ();
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    if (!((CvRtcPeer *) peer)->dead)
      cv_rtc_peer_tick (peer, now);
}

/* Peers end within their own callbacks and are freed only here. */
static void
reap (CvRtcEngine *self)
{
  GHashTableIter iter;
  gpointer peer;
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    if (((CvRtcPeer *) peer)->dead)
      g_hash_table_iter_remove (&iter);
}

void
cv_rtc_engine_iterate (CvRtcEngine *self, int fd, CvRtcInput input, gpointer user_data)
{
  struct epoll_event events[EVENTS];
  gboolean has_input = FALSE, has_time = FALSE;
  int n = epoll_wait (self->context.epoll, events, EVENTS, -1);
  for (int i = 0; i < n; i++) {
    if (events[i].data.ptr == self)
      has_input = TRUE;
    else if (events[i].data.ptr == &self->timer)
      has_time = TRUE;
    else
      cv_rtc_transport_readable (events[i].data.ptr);
  }
  /* These may free peers, whose events are all seen by now. */
  if (has_time) {
    tick (self);
    reap (self);
  }
  if (has_input)
    input (user_data);
}
