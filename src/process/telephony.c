/* The interface behind telephony.h: makes messages of calls, and nothing else. */
#include "process/telephony.h"

#include "base/json.h"
#include "ipc/parcel.h"

G_DEFINE_INTERFACE (CvTelephony, cv_telephony, G_TYPE_OBJECT)

static void
cv_telephony_default_init (CvTelephonyInterface *iface)
{
  g_signal_new ("news", CV_TYPE_TELEPHONY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_signal_new ("up", CV_TYPE_TELEPHONY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("down", CV_TYPE_TELEPHONY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
post (CvTelephony *self, JsonBuilder *message, int fd)
{
  CV_TELEPHONY_GET_IFACE (self)->send (self, message, fd);
}

/* A message about one call. Returns: (transfer full). */
static JsonBuilder *
build (const char *type, const char *call)
{
  JsonBuilder *message = cv_parcel_build (type);

  cv_json_add_text (message, "call", call);
  return message;
}

gboolean
cv_telephony_is_up (CvTelephony *self)
{
  g_return_val_if_fail (CV_IS_TELEPHONY (self), FALSE);

  return CV_TELEPHONY_GET_IFACE (self)->is_up (self);
}

void
cv_telephony_pin_result (CvTelephony *self, const char *call, CvSipVerdict verdict, const char *room, guint wait_ms,
                         guint tries)
{
  static const char *const names[] = { "room", "unknown", "blocked", "refused-kind", "full", "locked", "failed" };
  JsonBuilder *message = build ("pin-result", call);

  cv_json_add_text (message, "verdict", names[verdict]);
  cv_json_add_text (message, "room", room);
  cv_json_add_int (message, "wait", wait_ms);
  cv_json_add_int (message, "tries", tries);
  post (self, message, -1);
}

void
cv_telephony_bridge (CvTelephony *self, const char *room, const char *meeting, int fd)
{
  JsonBuilder *message = cv_parcel_build ("bridge");

  cv_json_add_text (message, "room", room);
  cv_json_add_text (message, "meeting", meeting);
  post (self, message, fd);
}

void
cv_telephony_unbridge (CvTelephony *self, const char *room)
{
  JsonBuilder *message = cv_parcel_build ("unbridge");

  cv_json_add_text (message, "room", room);
  post (self, message, -1);
}

void
cv_telephony_hold_on (CvTelephony *self, const char *call, const char *why)
{
  JsonBuilder *message = build ("hold-on", call);

  cv_json_add_text (message, "why", why);
  post (self, message, -1);
}

void
cv_telephony_admit (CvTelephony *self, const char *call, guint32 number, gboolean host, gboolean speaks)
{
  JsonBuilder *message = build ("admit", call);

  cv_json_add_int (message, "number", number);
  cv_json_add_bool (message, "host", host);
  cv_json_add_bool (message, "speaks", speaks);
  post (self, message, -1);
}

void
cv_telephony_say (CvTelephony *self, const char *call, const char *prompt)
{
  JsonBuilder *message = build ("say", call);

  cv_json_add_text (message, "prompt", prompt);
  post (self, message, -1);
}

void
cv_telephony_mute (CvTelephony *self, const char *call, gboolean on, gboolean by_host)
{
  JsonBuilder *message = build ("mute", call);

  cv_json_add_bool (message, "on", on);
  cv_json_add_text (message, "by", by_host ? "host" : "self");
  post (self, message, -1);
}

void
cv_telephony_stage (CvTelephony *self, const char *call, gboolean speaks)
{
  JsonBuilder *message = build ("stage", call);

  cv_json_add_bool (message, "speaks", speaks);
  post (self, message, -1);
}

void
cv_telephony_hang_up (CvTelephony *self, const char *call, const char *reason)
{
  JsonBuilder *message = build ("hang-up", call);

  cv_json_add_text (message, "reason", reason);
  post (self, message, -1);
}
