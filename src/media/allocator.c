/* See allocator.h. */
#include "media/allocator.h"

/* What is shown that much smaller than asked for is still good. */
#define WIDTH_ENOUGH 0.75
/* An upgrade must leave that much of what it needs free, or it would not last. */
#define HEADROOM 1.15

typedef struct {
  guint64 budget, used;
  const CvWish *wishes;
  guint n;
  gint *choices;
} Plan;

static gint
lowest (const CvWish *wish)
{
  for (gint i = 0; i < CV_ALLOCATOR_LAYERS; i++)
    if (wish->layers[i].available)
      return i;
  return CV_ALLOCATOR_PAUSED;
}

/* The smallest layer that is wide enough, else the largest there is. */
static gint
target (const CvWish *wish)
{
  gint best = CV_ALLOCATOR_PAUSED;
  for (gint i = 0; i < CV_ALLOCATOR_LAYERS; i++) {
    if (!wish->layers[i].available)
      continue;
    best = i;
    if (wish->layers[i].width >= WIDTH_ENOUGH * wish->wanted_width)
      break;
  }
  return best;
}

static guint64
cost (const CvWish *wish, gint layer)
{
  return layer < 0 ? 0 : wish->layers[layer].bps;
}

/* Moves wish i to `layer` if that fits; what it had before fits up to the budget, more only with headroom. */
static gboolean
try_layer (Plan *plan, guint i, gint layer)
{
  const CvWish *wish = &plan->wishes[i];
  guint64 used = plan->used - cost (wish, plan->choices[i]) + cost (wish, layer);
  gboolean upgrade = wish->previous != CV_ALLOCATOR_NEW && layer > wish->previous;
  if ((double) used * (upgrade ? HEADROOM : 1) > (double) plan->budget)
    return FALSE;
  plan->used = used;
  plan->choices[i] = layer;
  return TRUE;
}

static void
start_wish (Plan *plan, guint i)
{
  const CvWish *wish = &plan->wishes[i];
  gint layer = wish->kind == CV_WISH_AUDIO ? target (wish) : lowest (wish);
  if (layer == CV_ALLOCATOR_PAUSED)
    return;
  if (wish->kind != CV_WISH_AUDIO) {
    try_layer (plan, i, layer);
    return;
  }
  plan->choices[i] = layer; /* hearing goes before everything */
  plan->used += cost (wish, layer);
}

static void
upgrade_wish (Plan *plan, guint i)
{
  const CvWish *wish = &plan->wishes[i];
  if (plan->choices[i] < 0)
    return;
  for (gint layer = target (wish); layer > plan->choices[i]; layer--)
    if (wish->layers[layer].available && try_layer (plan, i, layer))
      return;
}

static void
for_each (Plan *plan, void (*step) (Plan *plan, guint i))
{
  for (guint kind = 0; kind < CV_N_WISH_KINDS; kind++)
    for (guint i = 0; i < plan->n; i++)
      if (plan->wishes[i].kind == kind)
        step (plan, i);
}

guint
cv_allocator_decide (guint budget, const CvWish *wishes, guint n, gint *choices)
{
  Plan plan = { budget, 0, wishes, n, choices };
  guint64 wanted = 0;
  for (guint i = 0; i < n; i++) {
    choices[i] = CV_ALLOCATOR_PAUSED;
    wanted += cost (&wishes[i], target (&wishes[i]));
  }
  for_each (&plan, start_wish);
  for_each (&plan, upgrade_wish);
  return (guint) MIN ((double) wanted * HEADROOM, G_MAXUINT);
}
