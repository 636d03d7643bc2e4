/* Who gets what, and in which layer: what a client shows, nothing of oneself, nothing that may not be forwarded. */
#include "media/distribution.h"

#include "lib/offers.h"

#include <string.h>

#define PEOPLE 12
#define NOW (G_GINT64_CONSTANT (100) * G_USEC_PER_SEC)

typedef struct {
  CvEndpoint *people[PEOPLE];
  CvEndpoint *heard[CV_SPEAKERS_MAX];
  GHashTable *by_person;
  GPtrArray *everyone;
  CvScene scene;
} Fixture;

static void
on_changed (CvTransport *transport, gpointer user_data)
{
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static CvDtlsIdentity *identity;
  if (identity == NULL)
    identity = cv_dtls_identity_new (NULL);
  g_autoptr (CvSdpOffer) offer = cv_offer_new (3, 5);
  self->by_person = g_hash_table_new (g_str_hash, g_str_equal);
  self->everyone = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_endpoint_free);
  for (guint i = 0; i < PEOPLE; i++) {
    g_autofree char *person = g_strdup_printf ("paaaaaaaaaaa%c", 'a' + i);
    CvTransport *transport = cv_transport_new (NULL, identity, offer->fingerprint, 0, on_changed, NULL);
    CvEndpoint *endpoint = cv_endpoint_new (person, offer, transport, NULL);
    self->people[i] = endpoint;
    cv_endpoint_set_may (endpoint, TRUE, TRUE, FALSE);
    for (guint k = 0; k < 3; k++) { /* all layers come, as a browser sends them */
      CvTrack *track = &endpoint->sources[CV_SOURCE_CAMERA]->tracks[k];
      track->ssrc = 100 * (i + 1) + k;
      track->at = NOW;
      track->width = 320u << k;
      track->bps = 120000u << (2 * k);
    }
    g_ptr_array_add (self->everyone, endpoint);
    g_hash_table_insert (self->by_person, endpoint->person, endpoint);
  }
  self->scene = (CvScene){ .by_person = self->by_person, .everyone = self->everyone, .heard = self->heard };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->everyone);
  g_hash_table_unref (self->by_person);
}

static void
view (Fixture *self, guint who, guint first, guint n, guint width)
{
  CvEndpoint *endpoint = self->people[who];
  endpoint->has_view = TRUE;
  endpoint->n_tiles = n;
  for (guint i = 0; i < n; i++) {
    endpoint->tiles[i] = (CvTile){ .source = CV_SOURCE_CAMERA, .width = width };
    strcpy (endpoint->tiles[i].person, self->people[first + i]->person);
  }
}

static CvSlot *
find (Fixture *self, guint who, guint whom, CvSourceType type)
{
  for (guint i = 0; i < self->people[who]->n_slots; i++) {
    CvSlot *slot = &self->people[who]->slots[i];
    if (slot->source != NULL && slot->source == self->people[whom]->sources[type])
      return slot;
  }
  return NULL;
}

static guint
count (Fixture *self, guint who, CvKind kind)
{
  guint n = 0;
  for (guint i = 0; i < self->people[who]->n_slots; i++)
    n += self->people[who]->slots[i].source != NULL && self->people[who]->slots[i].kind == kind;
  return n;
}

static void
test_sound (Fixture *self, gconstpointer data)
{
  self->heard[2] = self->people[0];
  self->heard[5] = self->people[1];
  g_assert_true (cv_distribution_arrange (self->people[0], &self->scene));
  g_assert_null (find (self, 0, 0, CV_SOURCE_MICROPHONE));
  CvSlot *slot = find (self, 0, 1, CV_SOURCE_MICROPHONE);
  g_assert_nonnull (slot);
  g_assert_cmpint (slot->layer, ==, 0);
  g_assert_cmpuint (count (self, 0, CV_KIND_AUDIO), ==, 1);
  g_assert_false (cv_distribution_arrange (self->people[0], &self->scene)); /* nothing new */
  self->heard[0] = self->people[2];
  self->heard[5] = self->people[3];
  self->heard[6] = self->people[1];
  g_assert_true (cv_distribution_arrange (self->people[0], &self->scene));
  g_assert_true (find (self, 0, 1, CV_SOURCE_MICROPHONE) == slot); /* who is heard stays where they are */
  cv_endpoint_set_may (self->people[1], FALSE, TRUE, FALSE);
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_null (find (self, 0, 1, CV_SOURCE_MICROPHONE));
}

static void
test_screen_sound (Fixture *self, gconstpointer data)
{
  cv_endpoint_set_may (self->people[4], TRUE, TRUE, TRUE);
  self->people[4]->sources[CV_SOURCE_SCREEN_AUDIO]->tracks[0].ssrc = 9;
  for (guint i = 0; i < 3; i++)
    self->heard[i] = self->people[i + 1];
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_nonnull (find (self, 0, 4, CV_SOURCE_SCREEN_AUDIO)); /* before the third voice */
  g_assert_cmpuint (count (self, 0, CV_KIND_AUDIO), ==, 3);
}

static void
test_pictures (Fixture *self, gconstpointer data)
{
  cv_endpoint_set_may (self->people[2], TRUE, FALSE, FALSE);
  view (self, 0, 0, 5, 300); /* oneself, and one whose camera is off */
  g_assert_true (cv_distribution_arrange (self->people[0], &self->scene));
  g_assert_null (find (self, 0, 0, CV_SOURCE_CAMERA));
  g_assert_null (find (self, 0, 2, CV_SOURCE_CAMERA));
  g_assert_cmpuint (count (self, 0, CV_KIND_VIDEO), ==, 3);
  CvSlot *slot = find (self, 0, 4, CV_SOURCE_CAMERA);
  view (self, 0, 4, 8, 300); /* more than there are slots: the first ones */
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_true (find (self, 0, 4, CV_SOURCE_CAMERA) == slot);
  g_assert_cmpuint (count (self, 0, CV_KIND_VIDEO), ==, 5);
  g_assert_null (find (self, 0, 9, CV_SOURCE_CAMERA));
  view (self, 0, 0, 0, 0);
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_cmpuint (count (self, 0, CV_KIND_VIDEO), ==, 0);
}

/* Who never says what is shown gets screens, the spotlight, and the others in the order they came. */
static void
test_without_view (Fixture *self, gconstpointer data)
{
  cv_endpoint_set_may (self->people[11], TRUE, TRUE, TRUE);
  self->scene.spotlight = self->people[9]->person;
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_nonnull (find (self, 0, 11, CV_SOURCE_SCREEN));
  g_assert_nonnull (find (self, 0, 9, CV_SOURCE_CAMERA));
  for (guint i = 1; i <= 3; i++)
    g_assert_nonnull (find (self, 0, i, CV_SOURCE_CAMERA));
  g_assert_cmpuint (count (self, 0, CV_KIND_VIDEO), ==, 5);
}

static int
choose (Fixture *self, guint width)
{
  view (self, 0, 1, 1, width);
  cv_distribution_arrange (self->people[0], &self->scene);
  cv_distribution_choose_layers (self->people[0], &self->scene, NOW);
  return find (self, 0, 1, CV_SOURCE_CAMERA)->layer;
}

static void
test_layer_follows_size (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->people[0]->bandwidth, cv_bandwidth_free); /* a path without end */
  g_assert_cmpint (choose (self, 100), ==, 0);
  g_assert_cmpint (choose (self, 420), ==, 0);
  g_assert_cmpint (choose (self, 500), ==, 1);
  g_assert_cmpint (choose (self, 1920), ==, 2);
  self->people[1]->sources[CV_SOURCE_CAMERA]->tracks[2].at = NOW - 5 * G_USEC_PER_SEC; /* it does not come */
  g_assert_cmpint (choose (self, 1920), ==, 1);
  g_assert_cmpint (find (self, 0, 1, CV_SOURCE_CAMERA)->ideal, ==, 2);
}

static void
test_narrow_path (Fixture *self, gconstpointer data)
{
  cv_bandwidth_free (self->people[0]->bandwidth);
  self->people[0]->bandwidth = cv_bandwidth_new (250000, 250000, 250000);
  self->heard[0] = self->people[1];
  view (self, 0, 1, 5, 640);
  cv_distribution_arrange (self->people[0], &self->scene);
  g_assert_true (cv_distribution_choose_layers (self->people[0], &self->scene, NOW));
  g_assert_cmpint (find (self, 0, 1, CV_SOURCE_MICROPHONE)->layer, ==, 0);
  guint shown = 0;
  for (guint i = 1; i <= 5; i++)
    shown += find (self, 0, i, CV_SOURCE_CAMERA)->layer == 0;
  g_assert_cmpuint (shown, ==, 1); /* one small picture, the most important one */
  g_assert_cmpint (find (self, 0, 1, CV_SOURCE_CAMERA)->layer, ==, 0);
}

/* All layers of somebody's camera but those above `highest` come at `now`. */
static CvSource *
come (Fixture *self, guint whom, guint highest, gint64 now)
{
  CvSource *source = self->people[whom]->sources[CV_SOURCE_CAMERA];
  for (guint k = 0; k < 3; k++)
    source->tracks[k].at = k <= highest ? now : 0;
  return source;
}

static void
test_wanted (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->people[0]->bandwidth, cv_bandwidth_free);
  CvSource *source = come (self, 1, 2, NOW);
  choose (self, 1920);
  cv_distribution_note_wanted (&self->scene, NOW);
  g_assert_cmphex (source->wanted, ==, 7); /* the others may stop in a while */
  come (self, 1, 2, NOW + 4 * G_USEC_PER_SEC);
  cv_distribution_note_wanted (&self->scene, NOW + 4 * G_USEC_PER_SEC);
  g_assert_cmphex (source->wanted, ==, 4);
  come (self, 1, 2, NOW + 5 * G_USEC_PER_SEC);
  choose (self, 200);
  cv_distribution_note_wanted (&self->scene, NOW + 5 * G_USEC_PER_SEC);
  g_assert_cmphex (source->wanted, ==, 5);
  view (self, 0, 1, 0, 0);
  cv_distribution_arrange (self->people[0], &self->scene);
  cv_distribution_note_wanted (&self->scene, NOW + 6 * G_USEC_PER_SEC);
  cv_distribution_note_wanted (&self->scene, NOW + 10 * G_USEC_PER_SEC);
  g_assert_cmphex (source->wanted, ==, 0);
}

/* Browsers leave out large layers of small pictures: nobody may be told to send nothing but what there is none of. */
static void
test_wanted_but_not_there (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->people[0]->bandwidth, cv_bandwidth_free);
  CvSource *source = come (self, 1, 0, NOW);
  choose (self, 1920);
  for (guint i = 0; i < 10; i++) {
    come (self, 1, 0, NOW + (gint64) i * G_USEC_PER_SEC);
    cv_distribution_note_wanted (&self->scene, NOW + (gint64) i * G_USEC_PER_SEC);
  }
  g_assert_cmphex (source->wanted, ==, 7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/distribution/sound", test_sound);
  ADD ("/distribution/screen-sound", test_screen_sound);
  ADD ("/distribution/pictures", test_pictures);
  ADD ("/distribution/without-view", test_without_view);
  ADD ("/distribution/layer-follows-size", test_layer_follows_size);
  ADD ("/distribution/narrow-path", test_narrow_path);
  ADD ("/distribution/wanted", test_wanted);
  ADD ("/distribution/wanted-but-not-there", test_wanted_but_not_there);
  return g_test_run ();
}
