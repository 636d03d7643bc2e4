/* See cast.h. Goes through the log once; what was open at the end is open to the programme's end. */
#include "render/cast.h"

#include <string.h>

/* µs: who is loudest for less is not shown large; who is stays so long; a breath does not end what one says */
#define MIN_TURN 1000000
#define MIN_FEATURED 2000000
#define BREATH 300000

#define NO_TIME (-1)

/* What a person does at present, and since when. */
typedef struct {
  CvCharacter *person;
  gboolean here, stage, recorded;
  gint64 present, microphone, camera, screen, speaking; /* since then, NO_TIME: not */
} State;

typedef struct {
  CvProgramme *programme;
  GHashTable *states; /* id → State */
  gboolean consents;  /* there are answers: who gave none is not recorded */
  CvCharacter *spotlight;
  GArray *turns; /* CvTurn: the loudest, as they were said */
  GArray *spots; /* CvTurn: who was in the spotlight */
} Cast;

static State *
get_state (Cast *self, const char *id)
{
  State *state = g_hash_table_lookup (self->states, id);
  if (state != NULL)
    return state;
  state = g_new (State, 1);
  *state = (State){ cv_programme_find (self->programme, id, TRUE),
                    FALSE,
                    TRUE,
                    !self->consents,
                    NO_TIME,
                    NO_TIME,
                    NO_TIME,
                    NO_TIME,
                    NO_TIME };
  g_hash_table_insert (self->states, state->person->id, state);
  return state;
}

/* Switches something on or off at `t`. */
static void
set (GArray *periods, gint64 *since, gboolean on, gint64 t, gint64 slack)
{
  if (on && *since == NO_TIME)
    *since = t;
  if (on || *since == NO_TIME)
    return;
  cv_periods_add (periods, *since, t + slack);
  *since = NO_TIME;
}

static void
update_presence (State *state, gint64 t)
{
  set (state->person->present, &state->present, state->here && state->stage && state->recorded, t, 0);
}

static void
take_person (Cast *self, const CvLogEvent *event, gint64 t)
{
  State *state = get_state (self, event->person);
  g_free (state->person->name);
  state->person->name = g_strdup (event->named.text);
  state->here = TRUE;
  state->stage = event->named.stage;
  update_presence (state, t);
}

static void
take_leave (Cast *self, const CvLogEvent *event, gint64 t)
{
  State *state = get_state (self, event->person);
  CvCharacter *person = state->person;
  state->here = FALSE;
  update_presence (state, t);
  set (person->microphone, &state->microphone, FALSE, t, 0);
  set (person->camera, &state->camera, FALSE, t, 0);
  set (person->screen, &state->screen, FALSE, t, 0);
  set (person->speaking, &state->speaking, FALSE, t, 0);
}

static void
take_sending (Cast *self, const CvLogEvent *event, gint64 t)
{
  State *state = get_state (self, event->person);
  state->person->spoken_for = TRUE;
  set (state->person->microphone, &state->microphone, event->sending.microphone, t, 0);
  set (state->person->camera, &state->camera, event->sending.camera, t, 0);
  set (state->person->screen, &state->screen, event->sending.screen, t, 0);
}

static gboolean
is_speaking (const CvLogEvent *event, const char *id)
{
  for (guint i = 0; i < CV_LOG_MAX_SPEAKERS && event->people[i] != NULL; i++)
    if (strcmp (event->people[i], id) == 0)
      return TRUE;
  return FALSE;
}

static void
take_speaker (Cast *self, const CvLogEvent *event, gint64 t)
{
  GHashTableIter iter;
  State *state;
  for (guint i = 0; i < CV_LOG_MAX_SPEAKERS && event->people[i] != NULL; i++)
    get_state (self, event->people[i]);
  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    set (state->person->speaking, &state->speaking, is_speaking (event, state->person->id), t, BREATH);
  CvTurn turn = { t, event->people[0] != NULL ? get_state (self, event->people[0])->person : NULL };
  g_array_append_val (self->turns, turn);
}

static void
take_chapter (Cast *self, const CvLogEvent *event, gint64 t)
{
  CvChapter chapter = { t, g_strdup (event->named.text) };
  g_array_append_val (self->programme->chapters, chapter);
}

static void
take (Cast *self, const CvLogEvent *event, gint64 t)
{
  CvTurn spot = { t, NULL };
  switch (event->type) {
  case CV_LOG_START:
    g_free (self->programme->title);
    self->programme->title = g_strdup (event->named.text);
    break;
  case CV_LOG_PERSON:
    take_person (self, event, t);
    break;
  case CV_LOG_LEAVE:
    take_leave (self, event, t);
    break;
  case CV_LOG_CONSENT:
    get_state (self, event->person)->recorded = event->recorded;
    update_presence (get_state (self, event->person), t);
    break;
  case CV_LOG_SENDING:
    take_sending (self, event, t);
    break;
  case CV_LOG_SPEAKER:
    take_speaker (self, event, t);
    break;
  case CV_LOG_SPOTLIGHT:
    spot.person = event->person != NULL ? get_state (self, event->person)->person : NULL;
    g_array_append_val (self->spots, spot);
    break;
  case CV_LOG_CHAPTER:
    take_chapter (self, event, t);
    break;
  default:;
  }
}

static void
end_all (Cast *self)
{
  GHashTableIter iter;
  State *state;
  gint64 end = self->programme->duration;
  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state)) {
    set (state->person->present, &state->present, FALSE, end, 0);
    set (state->person->microphone, &state->microphone, FALSE, end, 0);
    set (state->person->camera, &state->camera, FALSE, end, 0);
    set (state->person->screen, &state->screen, FALSE, end, 0);
    set (state->person->speaking, &state->speaking, FALSE, end, 0);
  }
}

/* ---- Turns ---- */

static void
append_turn (GArray *turns, gint64 t, CvCharacter *person)
{
  CvTurn *last = turns->len > 0 ? &g_array_index (turns, CvTurn, turns->len - 1) : NULL;
  CvTurn turn = { t, person };
  if (last != NULL && last->person == person)
    return;
  if (last != NULL && last->t >= t)
    last->person = person;
  else
    g_array_append_val (turns, turn);
}

/* It is known what comes: who will speak for a while is shown from their first word, who only coughs never. */
static void
find_featured (Cast *self, GArray *calm)
{
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  for (guint i = 0; i < self->turns->len; i++) {
    const CvTurn *turn = &g_array_index (self->turns, CvTurn, i);
    append_turn (whole, turn->t, turn->person);
  }
  for (guint i = 0; i < whole->len; i++) {
    const CvTurn *turn = &g_array_index (whole, CvTurn, i);
    gint64 end = i + 1 < whole->len ? g_array_index (whole, CvTurn, i + 1).t : self->programme->duration;
    gint64 soonest = calm->len > 0 ? g_array_index (calm, CvTurn, calm->len - 1).t + MIN_FEATURED : 0;
    if (turn->person != NULL && end - turn->t >= MIN_TURN && MAX (turn->t, soonest) < end)
      append_turn (calm, MAX (turn->t, soonest), turn->person);
  }
}

/* While somebody is in the spotlight they are the one. */
static void
merge_spots (Cast *self, const GArray *calm)
{
  guint i = 0, k = 0;
  CvCharacter *spot = NULL, *speaker = NULL;
  while (i < calm->len || k < self->spots->len) {
    const CvTurn *a = i < calm->len ? &g_array_index (calm, CvTurn, i) : NULL;
    const CvTurn *b = k < self->spots->len ? &g_array_index (self->spots, CvTurn, k) : NULL;
    gboolean spoken = b == NULL || (a != NULL && a->t <= b->t);
    gint64 t = spoken ? a->t : b->t;
    if (spoken)
      speaker = g_array_index (calm, CvTurn, i++).person;
    else
      spot = g_array_index (self->spots, CvTurn, k++).person;
    append_turn (self->programme->featured, t, spot != NULL ? spot : speaker);
  }
}

static gboolean
has_consents (const CvEventLog *log)
{
  for (guint i = 0; i < log->events->len; i++)
    if (g_array_index (log->events, CvLogEvent, i).type == CV_LOG_CONSENT)
      return TRUE;
  return FALSE;
}

void
cv_cast_fill (CvProgramme *programme, const CvEventLog *log)
{
  Cast self = { .programme = programme, .consents = has_consents (log) };
  g_autoptr (GArray) turns = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  g_autoptr (GArray) calm = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  self.turns = turns;
  self.spots = spots;
  self.states = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gint64 t = 0;
  for (guint i = 0; i < log->events->len; i++) {
    const CvLogEvent *event = &g_array_index (log->events, CvLogEvent, i);
    if (event->type == CV_LOG_TRACK || event->type == CV_LOG_CLOCK) /* of what was before */
      continue;
    t = MAX (t, cv_spans_compose (programme->spans, event->t)); /* lines are in their order, whatever they say */
    take (&self, event, t);
  }
  end_all (&self);
  for (guint i = 0; i < turns->len; i++)
    append_turn (programme->speakers, g_array_index (turns, CvTurn, i).t, g_array_index (turns, CvTurn, i).person);
  find_featured (&self, calm);
  merge_spots (&self, calm);
  g_hash_table_unref (self.states);
}
