/* Who is heard and who is said to speak, by the levels of packets every 20 ms and ticks every 60. */
#include "media/speakers.h"

#define PACKET_MS 20
#define TICK_MS 60
#define N 40
#define SILENT 127
#define NOTHING 255 /* no packet is sent */

typedef struct {
  CvSpeakers *speakers;
  CvSpeaker *people[N];
  guint8 levels[N];
  guint n;
  gint64 now_ms;
  guint changes;
} Room;

static Room *
room_new (guint n)
{
  Room *self = g_new0 (Room, 1);
  self->speakers = cv_speakers_new (CV_SPEAKERS_DEFAULT);
  self->n = n;
  self->now_ms = 1000;
  for (guint i = 0; i < n; i++) {
    self->people[i] = cv_speakers_add (self->speakers, GUINT_TO_POINTER (i + 1));
    self->levels[i] = SILENT;
  }
  return self;
}

static void
room_free (Room *self)
{
  cv_speakers_free (self->speakers);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Room, room_free)

static void
run (Room *self, guint ms)
{
  for (guint t = 0; t < ms; t += PACKET_MS) {
    self->now_ms += PACKET_MS;
    for (guint i = 0; i < self->n; i++)
      if (self->levels[i] != NOTHING)
        cv_speakers_level (self->people[i], self->levels[i], self->now_ms * 1000);
    if (self->now_ms % TICK_MS == 0)
      self->changes += cv_speakers_tick (self->speakers, self->now_ms * 1000);
  }
}

static gboolean
is_heard (Room *self, guint who)
{
  gpointer const *heard = cv_speakers_get_heard (self->speakers);
  for (guint i = 0; i < CV_SPEAKERS_MAX; i++)
    if (heard[i] == GUINT_TO_POINTER (who + 1))
      return TRUE;
  return FALSE;
}

static guint
count_heard (Room *self)
{
  guint count = 0;
  for (guint i = 0; i < self->n; i++)
    count += is_heard (self, i);
  return count;
}

/* The place among those who speak, or -1. */
static int
rank (Room *self, guint who)
{
  guint n;
  gpointer const *speaking = cv_speakers_get_speaking (self->speakers, &n);
  for (guint i = 0; i < n; i++)
    if (speaking[i] == GUINT_TO_POINTER (who + 1))
      return (int) i;
  return -1;
}

/* A room whose four places are taken by people 0 to 3, who have spoken and are silent now. */
static Room *
taken_room (guint n)
{
  Room *self = room_new (n);
  for (guint i = 0; i < 4; i++)
    self->levels[i] = 30;
  run (self, 600);
  for (guint i = 0; i < 4; i++) {
    g_assert_true (is_heard (self, i));
    self->levels[i] = SILENT;
    run (self, 200); /* person 0 is silent longest */
  }
  run (self, 3000);
  g_assert_cmpuint (count_heard (self), ==, 4);
  return self;
}

static void
test_few (void)
{
  g_autoptr (Room) room = room_new (4);
  run (room, 100);
  g_assert_cmpuint (count_heard (room), ==, 4);
  for (guint i = 0; i < 4; i++)
    room->levels[i] = NOTHING;
  run (room, 20000);
  g_assert_cmpuint (count_heard (room), ==, 4);
  g_assert_cmpint (rank (room, 0), ==, -1);
}

static void
test_attack (void)
{
  g_autoptr (Room) room = taken_room (10);
  room->levels[7] = 25;
  run (room, 100);
  g_assert_false (is_heard (room, 7));
  run (room, 200);
  g_assert_true (is_heard (room, 7));
  g_assert_cmpint (rank (room, 7), ==, 0);
  g_assert_false (is_heard (room, 0)); /* silent longest */
  g_assert_true (is_heard (room, 1));
  g_assert_cmpuint (count_heard (room), ==, 4);

  room->levels[7] = SILENT;
  run (room, 600);
  g_assert_cmpint (rank (room, 7), ==, 0);
  run (room, 400);
  g_assert_cmpint (rank (room, 7), ==, -1);
  g_assert_true (is_heard (room, 7)); /* until somebody needs the place */
}

/* A door, a cough, a keyboard: loud and short. */
static void
test_noise (void)
{
  g_autoptr (Room) room = taken_room (10);
  guint changes = room->changes;
  for (guint i = 0; i < 20; i++) {
    room->levels[8] = 5;
    run (room, 120);
    room->levels[8] = SILENT;
    run (room, 400);
    for (guint key = 0; key < 5; key++) {
      room->levels[9] = 20;
      run (room, 40);
      room->levels[9] = SILENT;
      run (room, 120);
    }
  }
  room->levels[6] = 55; /* a fan */
  run (room, 5000);
  g_assert_false (is_heard (room, 6) || is_heard (room, 8) || is_heard (room, 9));
  g_assert_cmpuint (room->changes, ==, changes);
}

/* Speech has pauses: it gets in, and stays. */
static void
test_syllables (void)
{
  g_autoptr (Room) room = taken_room (10);
  for (guint i = 0; i < 30; i++) {
    room->levels[5] = 28;
    run (room, 140);
    room->levels[5] = 70;
    run (room, 80);
    if (i > 1)
      g_assert_true (is_heard (room, 5) && rank (room, 5) == 0);
  }
}

/* Who stops sending leaves, where others are without a place; and is the first to be replaced. */
static void
test_dtx (void)
{
  g_autoptr (Room) room = taken_room (10);
  room->levels[2] = 30;
  run (room, 1000);
  g_assert_cmpint (rank (room, 2), ==, 0);
  room->levels[2] = NOTHING;
  run (room, 1000);
  g_assert_cmpint (rank (room, 2), ==, -1);
  g_assert_true (is_heard (room, 2));
  run (room, 4500);
  g_assert_false (is_heard (room, 2));
  /* a packet now and then, as DTX sends them, is no voice */
  for (guint i = 0; i < 20; i++) {
    room->levels[2] = 40;
    run (room, PACKET_MS);
    room->levels[2] = NOTHING;
    run (room, 400);
  }
  g_assert_false (is_heard (room, 2));
}

static void
test_all_speak (void)
{
  g_autoptr (Room) room = taken_room (10);
  for (guint i = 0; i < 4; i++)
    room->levels[i] = (guint8) (25 + 2 * i);
  run (room, 2000);
  guint changes = room->changes;
  room->levels[4] = 27; /* not clearly louder than the quietest */
  run (room, 3000);
  g_assert_false (is_heard (room, 4));
  g_assert_cmpint (rank (room, 4), >, 0);
  g_assert_cmpuint (room->changes - changes, <=, 3);
  room->levels[5] = 15;
  run (room, 1000);
  g_assert_true (is_heard (room, 5));
  g_assert_false (is_heard (room, 3)); /* the quietest */
  g_assert_cmpint (rank (room, 5), ==, 0);
}

/* Two who speak at once have their syllables at different times: the order stays. */
static void
test_equal (void)
{
  g_autoptr (Room) room = room_new (4);
  guint8 loud[] = { 24, 24 };
  for (guint round = 0; round < 2; round++) {
    guint changes = 0;
    for (guint i = 0; i < 80; i++) {
      room->levels[i % 2] = loud[i % 2];
      room->levels[(i + 1) % 2] = 62;
      run (room, 140);
      if (i == 8)
        changes = room->changes;
    }
    g_assert_cmpuint (room->changes, ==, changes);
    g_assert_cmpint (rank (room, 0), ==, (int) round);
    g_assert_cmpint (rank (room, 1), ==, 1 - (int) round);
    /* one of them raises the voice */
    loud[1] = 12;
    for (guint i = 0; i < 20; i++) {
      room->levels[i % 2] = loud[i % 2];
      room->levels[(i + 1) % 2] = 62;
      run (room, 140);
    }
    g_assert_cmpint (rank (room, 1), ==, 0);
  }
}

static void
test_pinned (void)
{
  g_autoptr (Room) room = taken_room (10);
  room->levels[1] = room->levels[2] = room->levels[3] = 20;
  run (room, 1000);
  cv_speakers_pin (room->people[9], TRUE);
  room->levels[9] = NOTHING;
  run (room, 100);
  g_assert_true (is_heard (room, 9));
  g_assert_false (is_heard (room, 0));
  room->levels[0] = room->levels[4] = room->levels[5] = 20;
  run (room, 20000);
  g_assert_true (is_heard (room, 9));
  g_assert_cmpuint (count_heard (room), ==, 4);
  /* more pinned than places: more places, up to a bound */
  for (guint i = 0; i < 10; i++)
    cv_speakers_pin (room->people[i], TRUE);
  run (room, 100);
  g_assert_cmpuint (count_heard (room), ==, CV_SPEAKERS_MAX);
  for (guint i = 0; i < 10; i++)
    cv_speakers_pin (room->people[i], i == 7);
  run (room, 100);
  g_assert_cmpuint (count_heard (room), ==, 4);
  g_assert_true (is_heard (room, 7));
}

/* Thirty people talk by turns, two at a time: each is heard within 300 ms, at a place that stays. */
static void
test_turns (void)
{
  g_autoptr (Room) room = room_new (30);
  for (guint turn = 0; turn < 300; turn++) {
    guint who = turn * 7 % 30, next = (turn + 1) * 7 % 30;
    room->levels[who] = 30;
    run (room, 1800);
    room->levels[next] = 33;
    run (room, 300);
    g_assert_true (is_heard (room, who) && is_heard (room, next));
    g_assert_cmpuint (count_heard (room), <=, 4);
    room->levels[who] = turn % 2 == 0 ? SILENT : NOTHING;
  }
  g_assert_cmpuint (room->changes, <, 300 * 4);
}

static void
test_leaving (void)
{
  g_autoptr (Room) room = taken_room (10);
  room->levels[1] = 20;
  run (room, 500);
  g_assert_cmpint (rank (room, 1), ==, 0);
  cv_speakers_remove (room->speakers, room->people[1]);
  g_assert_cmpint (rank (room, 1), ==, -1);
  g_assert_false (is_heard (room, 1));
  room->people[1] = cv_speakers_add (room->speakers, GUINT_TO_POINTER (100));
  g_assert_true (cv_speakers_tick (room->speakers, room->now_ms * 1000));
  g_assert_cmpuint (count_heard (room), ==, 3);
}

static void
test_cost (void)
{
  enum { PEOPLE = 300, TICKS = 2000 };
  g_autoptr (CvSpeakers) speakers = cv_speakers_new (4);
  CvSpeaker *people[PEOPLE];
  for (guint i = 0; i < PEOPLE; i++)
    people[i] = cv_speakers_add (speakers, GUINT_TO_POINTER (i + 1));
  gint64 start = g_get_monotonic_time ();
  for (gint64 tick = 0; tick < TICKS; tick++) {
    for (guint i = 0; i < PEOPLE; i++)
      cv_speakers_level (people[i], (guint8) ((tick / 20 + i) % 100), tick * 60000);
    cv_speakers_tick (speakers, tick * 60000);
  }
  double us = (double) (g_get_monotonic_time () - start) / TICKS;
  g_test_minimized_result (us, "%.1f µs a tick with a packet of each of %d people", us, PEOPLE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speakers/few", test_few);
  g_test_add_func ("/speakers/attack", test_attack);
  g_test_add_func ("/speakers/noise", test_noise);
  g_test_add_func ("/speakers/syllables", test_syllables);
  g_test_add_func ("/speakers/dtx", test_dtx);
  g_test_add_func ("/speakers/all-speak", test_all_speak);
  g_test_add_func ("/speakers/equal", test_equal);
  g_test_add_func ("/speakers/pinned", test_pinned);
  g_test_add_func ("/speakers/turns", test_turns);
  g_test_add_func ("/speakers/leaving", test_leaving);
  if (g_test_perf ())
    g_test_add_func ("/speakers/cost", test_cost);
  return g_test_run ();
}
