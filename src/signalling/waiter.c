/* See waiter.h. */
#include "signalling/waiter.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 64

/* In the loop: its descriptor is ready when that of any watch is. */
typedef struct {
  GSource source;
  GPollFD poll;
} EpollSource;

struct _CvWaiter {
  GSource *source;
  int epoll;
};

typedef struct {
  GSource source;
  CvWatch *watch; /* NULL once that is gone or has a newer source */
  GPollableInputStream *stream;
} WatchSource;

struct _CvWatch {
  CvWaiter *waiter;
  GSocket *socket;
  WatchSource *source; /* borrowed; NULL: nobody waits */
};

/* Sources are checked in the order they came: those that are made ready here are dispatched this time round. */
static gboolean
epoll_source_check (GSource *source)
{
  EpollSource *self = (EpollSource *) source;
  struct epoll_event events[EVENTS];
  int n = self->poll.revents != 0 ? EVENTS : 0;
  while (n == EVENTS) {
    n = epoll_wait (self->poll.fd, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
      const CvWatch *watch = events[i].data.ptr;
      if (watch->source != NULL)
        g_source_set_ready_time (&watch->source->source, 0);
    }
  }
  return FALSE;
}

static GSourceFuncs epoll_source_funcs = { .check = epoll_source_check };

CvWaiter *
cv_waiter_new (void)
{
  int epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll < 0)
    return NULL;
  CvWaiter *self = g_rc_box_new0 (CvWaiter);
  self->epoll = epoll;
  self->source = g_source_new (&epoll_source_funcs, sizeof (EpollSource));
  EpollSource *source = (EpollSource *) self->source;
  source->poll = (GPollFD){ .fd = epoll, .events = G_IO_IN };
  g_source_add_poll (self->source, &source->poll);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

CvWaiter *
cv_waiter_ref (CvWaiter *self)
{
  return g_rc_box_acquire (self);
}

static void
waiter_clear (CvWaiter *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->epoll);
}

void
cv_waiter_unref (CvWaiter *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) waiter_clear);
}

/* ---- one socket ---- */

CvWatch *
cv_waiter_add (CvWaiter *self, GSocket *socket)
{
  g_autofree CvWatch *watch = g_new0 (CvWatch, 1);
  /* Edge-triggered: what is there already is found when a source is made, and what nobody reads does not spin. */
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = watch };
  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, g_socket_get_fd (socket), &event) != 0)
    return NULL;
  watch->waiter = cv_waiter_ref (self);
  watch->socket = g_object_ref (socket);
  return g_steal_pointer (&watch);
}

static void
forget_source (CvWatch *self)
{
  if (self->source != NULL)
    self->source->watch = NULL;
  self->source = NULL;
}

void
cv_watch_free (CvWatch *self)
{
  forget_source (self);
  /* A closed descriptor has left epoll by itself, and its number may be another's by now. */
  if (!g_socket_is_closed (self->socket))
    epoll_ctl (self->waiter->epoll, EPOLL_CTL_DEL, g_socket_get_fd (self->socket), NULL);
  g_object_unref (self->socket);
  cv_waiter_unref (self->waiter);
  g_free (self);
}

static gboolean
watch_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WatchSource *self = (WatchSource *) source;
  g_source_set_ready_time (source, -1);
  if (((GPollableSourceFunc) (void (*) (void)) callback) (G_OBJECT (self->stream), user_data) == G_SOURCE_REMOVE)
    return G_SOURCE_REMOVE;
  /* There will be no edge for what was left unread. */
  if (self->watch != NULL && g_pollable_input_stream_is_readable (self->stream))
    g_source_set_ready_time (source, 0);
  return G_SOURCE_CONTINUE;
}

static void
watch_source_finalize (GSource *source)
{
  WatchSource *self = (WatchSource *) source;
  if (self->watch != NULL)
    self->watch->source = NULL;
  g_object_unref (self->stream);
}

/* The callback where one is set as a closure, as streams do that wrap another one's source. */
static gboolean
call_closure (GObject *stream, gpointer closure)
{
  g_auto (GValue) result = G_VALUE_INIT;
  g_auto (GValue) argument = G_VALUE_INIT;
  g_value_init (&result, G_TYPE_BOOLEAN);
  g_value_init (&argument, G_TYPE_OBJECT);
  g_value_set_object (&argument, stream);
  g_closure_invoke (closure, &result, 1, &argument, NULL);
  return g_value_get_boolean (&result);
}

static GSourceFuncs watch_source_funcs = {
  .dispatch = watch_source_dispatch,
  .finalize = watch_source_finalize,
  .closure_callback = (GSourceFunc) (void (*) (void)) call_closure,
};

GSource *
cv_watch_create_source (CvWatch *self, GPollableInputStream *stream)
{
  GSource *source = g_source_new (&watch_source_funcs, sizeof (WatchSource));
  WatchSource *watch_source = (WatchSource *) source;
  forget_source (self);
  self->source = watch_source;
  watch_source->watch = self;
  watch_source->stream = g_object_ref (stream);
  if (g_pollable_input_stream_is_readable (stream))
    g_source_set_ready_time (source, 0);
  return source;
}
