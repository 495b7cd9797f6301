/* Calls methods that crossgen2 compiled for arm64 out of its file, without a .NET runtime: kernel FILE BINDINGS [IMAGE]
   BINDINGS has lines "method NAME RVA" and "cell RVA TARGET", the target being an RVA of the file, or unsupported, barrier or trap.
   Prints the lines of KernelBits.cs; with IMAGE, also writes the file as it lies in memory, for a disassembler. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef struct { uint64_t first, second; } Words;
typedef struct { double z0, z1; } Normals;
typedef struct { uint64_t has; double value; } Nullable;
typedef struct { void *type; uint64_t length; double at[]; } Array;

static Words (*draw)(uint32_t, uint32_t, uint32_t, uint32_t, uint64_t);
static Normals (*normals)(uint64_t, uint64_t);
static double (*logarithm)(double);
static double (*dot)(Array *, Array *);
static void (*construct)(void *, Array *, double, uint64_t, Nullable);
static double (*one)(void *, uint32_t);
static void (*add_shocks)(void *, uint32_t, double, double *, int64_t);

static const struct { const char *name; void *to; } methods[] = {
  {"Philox__Draw", &draw}, {"NormalPair__Of", &normals}, {"NormalPair__Log", &logarithm}, {"Covariance__Dot", &dot},
  {"PathKernel___ctor", &construct}, {"PathKernel__One", &one}, {"PathKernel__AddShocks", &add_shocks}};

static void trap(void) { fprintf(stderr, "A call that is not bound.\n"); abort(); }
static int unsupported(void) { return 0; } /* What X86's IsSupported answers on arm64. */
void barrier(void);
__asm__("barrier: str x15, [x14], #8\n ret"); /* The runtime's write barrier: *x14++ = x15. */

static uint8_t *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  uint8_t *raw = malloc(1 << 26);
  fread(raw, 1, 1 << 26, file);
  uint8_t *pe = raw + *(uint32_t *)(raw + 0x3c), *section = pe + 24 + *(uint16_t *)(pe + 20);
  *size = *(uint32_t *)(pe + 24 + 56);
  uint8_t *image = mmap(0, *size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = *(uint16_t *)(pe + 6); i > 0; i--, section += 40) {
    uint32_t *x = (uint32_t *)(section + 8); /* size in memory, RVA, size in the file, place in the file */
    memcpy(image + x[1], raw + x[3], x[2]);
  }
  return image;
}

static void bind(uint8_t *image, const char *path) {
  FILE *file = fopen(path, "r");
  char kind[16], a[256], b[256];
  while (fscanf(file, "%15s %255s %255s", kind, a, b) == 3)
    if (!strcmp(kind, "cell"))
      *(void **)(image + strtoul(a, 0, 16)) = !strcmp(b, "trap") ? (void *)trap : !strcmp(b, "barrier") ? (void *)barrier
        : !strcmp(b, "unsupported") ? (void *)unsupported : image + strtoul(b, 0, 16);
    else
      for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++)
        if (!strcmp(a, methods[i].name)) *(void **)methods[i].to = image + strtoul(b, 0, 16);
}

static uint64_t hash;
static void add(uint64_t word) { hash = (hash ^ word) * 1099511628211u; }
static void add_double(double x) { uint64_t bits; memcpy(&bits, &x, 8); add(bits); }
static uint64_t take(void) { uint64_t taken = hash; hash = 14695981039346656037u; return taken; }
static Array *array(int length) { Array *x = calloc(1, sizeof(Array) + 8 * length); x->length = length; return x; }
static double of_bits(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static double element(int i, int j) { return 2 - of_bits(draw(i, j, 0, 7, 77).first >> 12 | 0x3FFull << 52) - 0.5; }

static void simulate(int assets, double degrees) {
  Array *loadings = array(assets + assets % 2);
  for (int i = 0; i < assets; i++) loadings->at[i] = (i % 2 ? -1000.0 : 1000.0) * (i + 1);
  uint64_t kernel[16] = {0}, centred[16] = {0};
  Nullable nu = {degrees > 0, degrees};
  construct(kernel, loadings, 500, 20261121, nu);
  construct(centred, loadings, 0, 20261121, nu);
  for (int path = 0; path < 20000; path++) add_double(one(kernel, path));
  uint64_t pnl = take();
  int half = (loadings->length / 2 + 7) / 8 * 8;
  double sums[128] = {0};
  for (int path = 0; path < 1000; path++) add_shocks(centred, path, 1.0 / (path + 1), sums, 2 * half);
  for (int k = 0; k < assets; k++) add_double(sums[k / 2 + k % 2 * half]);
  char law[16] = "normal";
  if (degrees > 0) snprintf(law, sizeof law, "t %g", degrees);
  printf("kernel %d assets, 20000 paths, %s: %016lx %016lx\n", assets, law, pnl, take());
}

int main(int count, char **args) {
  size_t size;
  uint8_t *image = load(args[1], &size);
  if (count > 3) { FILE *out = fopen(args[3], "wb"); fwrite(image, 1, size, out); fclose(out); }
  bind(image, args[2]);
  take();
  for (uint32_t i = 0; i < 1000000; i++) { Words w = draw(i, i * 2654435761u, i >> 7, 3, i * 0x9E3779B97F4A7C15u); add(w.first); add(w.second); }
  printf("kernel philox 1000000: %016lx\n", take());
  for (uint32_t i = 0; i < 1000000; i++) { Words w = draw(i, 0, 0, 5, 77); Normals z = normals(w.first, w.second); add_double(z.z0); add_double(z.z1); }
  printf("kernel normal 1000000: %016lx\n", take());
  for (uint32_t i = 0; i < 1000000; i++) {
    uint64_t word = draw(i, 0, 0, 6, 77).first;
    add_double(logarithm(of_bits(word >> 12 | (1 + (word & 0x7FF) % 2046) << 52)));
  }
  printf("kernel log 1000000: %016lx\n", take());
  for (int n = 1; n <= 64; n++) {
    Array *x = array(n), *row = array(n);
    for (int j = 0; j < n; j++) x->at[j] = element(0, j);
    for (int i = 0; i < n; i++) { for (int j = 0; j < n; j++) row->at[j] = element(i, j); add_double(dot(row, x)); }
  }
  printf("kernel dot 64: %016lx\n", take());
  int assets[] = {3, 10, 50};
  double degrees[] = {0, 2.25, 5};
  for (int i = 0; i < 9; i++) simulate(assets[i / 3], degrees[i % 3]);
}
