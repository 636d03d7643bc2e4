/* See distribution.h. */
#include "media/distribution.h"

#include "media/allocator.h"

#include <string.h>

#define DEFAULT_WIDTH 640                                /* px: of a tile whose client does not say */
#define FULL_WIDTH 1280u                                 /* px: of a source's best layer before a keyframe told */
#define ENOUGH 0.75                                      /* of the width that is shown: more would not be seen */
#define KEEP_US (G_GINT64_CONSTANT (3) * G_USEC_PER_SEC) /* a layer without use stops after so long */
#define UNLIMITED 1000000000u                            /* bit/s */

/* Before a layer was measured, bit/s. */
static const guint usual_bps[CV_SDP_MAX_RIDS] = { 150000, 500000, 1800000 };
#define USUAL_AUDIO_BPS 40000

/* ---- slots ---- */

static gboolean
is_shown (const CvEndpoint *endpoint, CvKind kind, const CvSource *source)
{
  for (guint i = 0; i < endpoint->n_slots; i++)
    if (endpoint->slots[i].kind == kind && endpoint->slots[i].source == source)
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (CvSource *const *wanted, guint n, const CvSource *source)
{
  for (guint i = 0; i < n; i++)
    if (wanted[i] == source)
      return TRUE;
  return FALSE;
}

static guint
count_slots (const CvEndpoint *endpoint, CvKind kind)
{
  guint n = 0;
  for (guint i = 0; i < endpoint->n_slots; i++)
    n += endpoint->slots[i].kind == kind;
  return n;
}

/* Whoever is in a slot and still wanted stays in it; the others make room. `wanted`: the most important first. */
static void
fill_slots (CvEndpoint *endpoint, CvKind kind, CvSource *const *wanted, guint n)
{
  n = MIN (n, count_slots (endpoint, kind));
  for (guint i = 0; i < endpoint->n_slots; i++) {
    CvSlot *slot = &endpoint->slots[i];
    if (slot->kind == kind && slot->source != NULL && !is_wanted (wanted, n, slot->source))
      cv_slot_assign (slot, NULL);
  }
  guint next = 0;
  for (guint i = 0; i < endpoint->n_slots; i++) {
    CvSlot *slot = &endpoint->slots[i];
    if (slot->kind != kind || slot->source != NULL)
      continue;
    while (next < n && is_shown (endpoint, kind, wanted[next]))
      next++;
    if (next == n)
      break;
    cv_slot_assign (slot, wanted[next]);
    if (kind == CV_KIND_AUDIO)
      cv_slot_set_layer (slot, 0);
  }
}

/* Also where a source went away by itself, with its person. */
static gboolean
take_changes (CvEndpoint *endpoint)
{
  gboolean changed = FALSE;
  for (guint i = 0; i < endpoint->n_slots; i++) {
    changed |= endpoint->slots[i].changed;
    endpoint->slots[i].changed = FALSE;
  }
  return changed;
}

/* ---- what belongs there ---- */

static guint
collect_audio (const CvEndpoint *endpoint, const CvScene *scene, CvSource **wanted, guint max)
{
  guint n = 0;
  for (guint i = 0; i < scene->everyone->len && n < max; i++) {
    const CvEndpoint *other = g_ptr_array_index (scene->everyone, i);
    CvSource *sound = other->sources[CV_SOURCE_SCREEN_AUDIO];
    if (other != endpoint && sound != NULL && sound->may && sound->tracks[0].ssrc != 0)
      wanted[n++] = sound;
  }
  for (guint i = 0; i < CV_SPEAKERS_MAX && n < max; i++) {
    const CvEndpoint *other = scene->heard[i];
    if (other != NULL && other != endpoint && other->sources[CV_SOURCE_MICROPHONE]->may)
      wanted[n++] = other->sources[CV_SOURCE_MICROPHONE];
  }
  return n;
}

static CvSource *
find_source (const CvScene *scene, const CvEndpoint *endpoint, const CvTile *tile)
{
  const CvEndpoint *other = g_hash_table_lookup (scene->by_person, tile->person);
  CvSource *source = other != NULL && other != endpoint ? other->sources[tile->source] : NULL;
  return source != NULL && source->may ? source : NULL;
}

/* For who never said what is shown: screens, then the spotlight, then cameras in the order they came. */
static guint
collect_all (const CvEndpoint *endpoint, const CvScene *scene, CvSource **wanted, guint max)
{
  guint n = 0;
  for (guint pass = 0; pass < 3; pass++)
    for (guint i = 0; i < scene->everyone->len && n < max; i++) {
      const CvEndpoint *other = g_ptr_array_index (scene->everyone, i);
      gboolean lit = scene->spotlight != NULL && strcmp (other->person, scene->spotlight) == 0;
      CvSource *source = other->sources[pass == 0 ? CV_SOURCE_SCREEN : CV_SOURCE_CAMERA];
      if (other != endpoint && source != NULL && source->may && (pass == 0 || lit == (pass == 1)))
        wanted[n++] = source;
    }
  return n;
}

static guint
collect_video (const CvEndpoint *endpoint, const CvScene *scene, CvSource **wanted, guint max)
{
  if (!endpoint->has_view)
    return collect_all (endpoint, scene, wanted, max);
  guint n = 0;
  for (guint i = 0; i < endpoint->n_tiles && n < max; i++) {
    CvSource *source = find_source (scene, endpoint, &endpoint->tiles[i]);
    if (source != NULL && !is_wanted (wanted, n, source))
      wanted[n++] = source;
  }
  return n;
}

gboolean
cv_distribution_arrange (CvEndpoint *endpoint, const CvScene *scene)
{
  CvSource *wanted[CV_TILES_MAX];
  endpoint->rearrange = FALSE;
  guint n = collect_audio (endpoint, scene, wanted, G_N_ELEMENTS (wanted));
  fill_slots (endpoint, CV_KIND_AUDIO, wanted, n);
  n = collect_video (endpoint, scene, wanted, G_N_ELEMENTS (wanted));
  fill_slots (endpoint, CV_KIND_VIDEO, wanted, n);
  gboolean changed = take_changes (endpoint);
  if (changed)
    endpoint->chosen_at = 0;
  return changed;
}

/* ---- layers ---- */

static guint
get_width (const CvSource *source, guint layer)
{
  guint width = source->tracks[layer].width;
  return width > 0 ? width : FULL_WIDTH >> (source->n_tracks - 1 - layer);
}

static int
get_ideal (const CvSource *source, guint shown)
{
  for (guint i = 0; i + 1 < source->n_tracks; i++)
    if (get_width (source, i) >= ENOUGH * shown)
      return (int) i;
  return (int) source->n_tracks - 1;
}

/* How wide the client shows it, and how much it matters. */
static guint
find_tile (const CvEndpoint *endpoint, const CvSource *source, guint *width)
{
  *width = DEFAULT_WIDTH;
  for (guint i = 0; i < endpoint->n_tiles; i++) {
    const CvTile *tile = &endpoint->tiles[i];
    if (tile->source == source->type && strcmp (tile->person, source->person) == 0) {
      *width = tile->width;
      return i;
    }
  }
  return CV_TILES_MAX;
}

static CvWish
make_wish (const CvSlot *slot, CvWishKind kind, guint width, gint64 now)
{
  const CvSource *source = slot->source;
  gboolean video = slot->kind == CV_KIND_VIDEO;
  CvWish wish = { .kind = kind,
                  .wanted_width = width,
                  .previous = slot->now.track != NULL ? slot->layer : CV_ALLOCATOR_NEW };
  for (guint i = 0; i < source->n_tracks; i++) {
    const CvTrack *track = &source->tracks[i];
    guint usual = video ? usual_bps[source->n_tracks == 1 ? 1 : i] : USUAL_AUDIO_BPS;
    wish.layers[i].bps = track->bps > 0 ? track->bps : usual;
    wish.layers[i].width = video ? get_width (source, i) : 0;
    wish.layers[i].available = source->n_tracks == 1 || cv_track_is_live (track, now);
  }
  return wish;
}

typedef struct {
  CvSlot *slot;
  guint tile;
  CvWish wish;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  if (x->wish.kind != y->wish.kind)
    return x->wish.kind < y->wish.kind ? -1 : 1;
  return x->tile < y->tile ? -1 : x->tile > y->tile;
}

static CvWishKind
get_kind (const CvSlot *slot, const CvScene *scene, guint tile)
{
  if (slot->kind == CV_KIND_AUDIO)
    return CV_WISH_AUDIO;
  if (slot->source->type == CV_SOURCE_SCREEN)
    return CV_WISH_SCREEN;
  gboolean lit = scene->spotlight != NULL && strcmp (slot->source->person, scene->spotlight) == 0;
  return lit || tile == 0 ? CV_WISH_SPEAKER : CV_WISH_TILE;
}

static guint
collect_candidates (CvEndpoint *endpoint, const CvScene *scene, gint64 now, Candidate *candidates)
{
  guint n = 0;
  for (guint i = 0; i < endpoint->n_slots; i++) {
    CvSlot *slot = &endpoint->slots[i];
    guint width = 0, tile = 0;
    if (slot->source == NULL || !cv_slot_takes (slot, slot->source->codec))
      continue;
    if (slot->kind == CV_KIND_VIDEO) {
      tile = find_tile (endpoint, slot->source, &width);
      slot->ideal = get_ideal (slot->source, width);
    }
    candidates[n++] = (Candidate){ slot, tile, make_wish (slot, get_kind (slot, scene, tile), width, now) };
  }
  qsort (candidates, n, sizeof *candidates, compare_candidates);
  return n;
}

gboolean
cv_distribution_choose_layers (CvEndpoint *endpoint, const CvScene *scene, gint64 now)
{
  Candidate candidates[CV_SDP_MAX_MEDIA];
  CvWish wishes[CV_SDP_MAX_MEDIA];
  gint choices[CV_SDP_MAX_MEDIA];
  gboolean changed = FALSE;
  guint n = collect_candidates (endpoint, scene, now, candidates);
  for (guint i = 0; i < n; i++)
    wishes[i] = candidates[i].wish;
  guint budget = endpoint->bandwidth != NULL ? cv_bandwidth_get (endpoint->bandwidth) : UNLIMITED;
  guint wanted = cv_allocator_decide (budget, wishes, n, choices);
  guint least = 0;
  for (guint i = 0; i < n; i++)
    least += wishes[i].kind == CV_WISH_AUDIO && choices[i] >= 0 ? wishes[i].layers[choices[i]].bps : 0;
  if (endpoint->bandwidth != NULL)
    cv_bandwidth_set_wanted (endpoint->bandwidth, wanted, least);
  for (guint i = 0; i < n; i++) {
    CvSlot *slot = candidates[i].slot;
    int layer = choices[i] == CV_ALLOCATOR_PAUSED ? -1 : choices[i];
    changed |= (slot->layer < 0) != (layer < 0);
    cv_slot_set_layer (slot, layer);
  }
  endpoint->chosen_at = now;
  return changed;
}

/* ---- what publishers need to send ---- */

/* While the best one does not come (it was stopped, or there is none of it: browsers leave out large layers of small
 * pictures), those below it are of use too. */
static guint
get_useful (const CvSource *source, int ideal, gint64 now)
{
  guint best = 1u << ideal;
  return cv_track_is_live (&source->tracks[ideal], now) ? best : best | (best - 1);
}

static guint
collect_wanted (const CvSource *source, gint64 now)
{
  guint wanted = 0;
  if (source->recording != NULL && source->may) /* the largest there is */
    wanted |= get_useful (source, (int) source->n_tracks - 1, now);
  for (guint i = 0; i < source->slots->len; i++) {
    const CvSlot *slot = g_ptr_array_index (source->slots, i);
    if (slot->kind != CV_KIND_VIDEO)
      continue;
    wanted |= get_useful (source, slot->ideal, now);
    if (slot->layer >= 0)
      wanted |= 1u << slot->layer;
    if (slot->now.track != NULL)
      wanted |= 1u << cv_source_get_layer (source, slot->now.track);
  }
  return wanted;
}

void
cv_distribution_note_wanted (const CvScene *scene, gint64 now)
{
  for (guint i = 0; i < scene->everyone->len; i++) {
    CvEndpoint *endpoint = g_ptr_array_index (scene->everyone, i);
    CvSource *source = endpoint->sources[CV_SOURCE_CAMERA];
    if (source == NULL)
      continue;
    guint wanted = collect_wanted (source, now);
    for (guint k = 0; k < source->n_tracks; k++) {
      if (wanted & 1u << k)
        source->unwanted_at[k] = 0;
      else if (source->unwanted_at[k] == 0)
        source->unwanted_at[k] = now;
      else if (now - source->unwanted_at[k] > KEEP_US)
        continue;
      wanted |= 1u << k;
    }
    source->wanted = wanted;
  }
}
