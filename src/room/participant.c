/* See participant.h. */
#include "room/participant.h"

#include "base/ids.h"

const char *const cv_sending_parts[] = { "microphone", "camera", "screen", NULL };

gboolean *
cv_sending_get_part (CvSending *self, CvSendingPart part)
{
  gboolean *const parts[] = { &self->microphone, &self->camera, &self->screen };
  return parts[part];
}

CvParticipant *
cv_participant_new (const char *name, CvRole role, const CvSending *sending)
{
  CvParticipant *self = g_new0 (CvParticipant, 1);
  self->id = cv_id_new ("p");
  self->name = g_strdup (name);
  self->role = self->came_as = role;
  self->sending = *sending;
  return self;
}

gboolean
cv_participant_is_above (const CvParticipant *self, const CvParticipant *other)
{
  return self->role > other->role;
}

CvSending
cv_participant_get_heard (const CvParticipant *self)
{
  return self->listens ? (CvSending){ 0 } : self->sending;
}

void
cv_participant_free (CvParticipant *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  cv_identity_clear (&self->identity);
  g_clear_pointer (&self->formerly, g_ptr_array_unref);
  g_free (self);
}
