import type { Noise } from "./description.js";
import type { Random } from "./random.js";

/** Milliseconds that a reading copy is behind. */
const replicaLag = 200;

/** Draws each kind of noise by itself, so that several meet. */
export function drawNoise(random: Random): Noise {
  return {
    timestamps: random.chance(0.4),
    randomOrder: random.chance(0.2),
    requestIds: random.chance(0.4),
    echoes: random.chance(0.3),
    misleadingData: random.chance(0.4),
    compression: random.chance(0.3),
    lag: random.chance(0.15) ? replicaLag : 0,
    rateLimit: random.chance(0.1) ? 200 : 0,
    failures: random.chance(0.2) ? 0.01 : 0,
  };
}
