/* See phones.h. */
#include "sip/phones.h"

struct _CvPhones {
  CvSipConfig *config;
  CvChannel *channel;
};

CvPhones *
cv_phones_new (CvSipConfig *config, CvChannel *channel, int prompts, int tls, const char **id, char **text)
{
  CvPhones *self = g_new0 (CvPhones, 1);
  self->config = config;
  self->channel = g_object_ref (channel);
  return self;
}

void
cv_phones_free (CvPhones *self)
{
  cv_sip_config_free (self->config);
  g_object_unref (self->channel);
  g_free (self);
}

void
cv_phones_add_listening (CvPhones *self, JsonBuilder *message)
{
  json_builder_set_member_name (message, "listening");
  json_builder_begin_array (message);
  json_builder_end_array (message);
}

void
cv_phones_pin_result (CvPhones *self, const char *call, CvPinVerdict verdict, const char *room, guint wait, guint tries)
{
}

void
cv_phones_bridge (CvPhones *self, const char *room, int fd)
{
}

void
cv_phones_unbridge (CvPhones *self, const char *room)
{
}

void
cv_phones_hold_on (CvPhones *self, const char *call, CvWaitWhy why)
{
}

void
cv_phones_admit (CvPhones *self, const char *call, guint32 number, gboolean host, gboolean speaks)
{
}

void
cv_phones_say (CvPhones *self, const char *call, const char *prompt)
{
}

void
cv_phones_mute (CvPhones *self, const char *call, gboolean on, gboolean by_host)
{
}

void
cv_phones_stage (CvPhones *self, const char *call, gboolean speaks)
{
}

void
cv_phones_hang_up (CvPhones *self, const char *call, const char *reason)
{
}

void
cv_phones_close (CvPhones *self, GSourceOnceFunc done, gpointer user_data)
{
  g_idle_add_once (done, user_data);
}
