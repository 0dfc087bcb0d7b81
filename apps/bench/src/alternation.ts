/** One who takes part: `run` does its work so many times over. */
export interface Contestant {
  readonly name: string;
  run(times: number): Promise<void>;
}

/** How long to measure. */
export interface Pace {
  /** How often every contestant has its turn. */
  readonly rounds: number;
  /** How long a turn takes, about, in milliseconds. */
  readonly turn: number;
}

/** What was measured of one contestant. */
export interface Timing {
  readonly name: string;
  /** Microseconds for one time, by the clock: the median of the rounds. */
  readonly wall: number;
  /** The same in microseconds of CPU, all threads together. */
  readonly cpu: number;
  /** Of each round, in order: microseconds of CPU for one time. */
  readonly cpus: readonly number[];
}

/**
 * Lets contestants take turns, so that whatever else the machine does hits all of them alike. Each is run in first,
 * which also tells how many times fill a turn. The order changes with each round.
 */
export async function alternate(
  contestants: readonly Contestant[],
  { rounds, turn }: Pace,
): Promise<readonly Timing[]> {
  const lanes: Lane[] = [];
  for (const contestant of contestants)
    lanes.push({ contestant, times: await runIn(contestant, turn), walls: [], cpus: [] });
  for (let round = 0; round < rounds; round += 1) {
    const first = round % lanes.length;
    for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
      const { wall, cpu } = await time(lane.contestant, lane.times);
      lane.walls.push(wall / lane.times);
      lane.cpus.push(cpu / lane.times);
    }
  }
  return lanes.map(({ contestant: { name }, walls, cpus }) => ({
    name,
    wall: median(walls),
    cpu: median(cpus),
    cpus,
  }));
}

/**
 * How many times the CPU time of the other the one takes: the median of what each round says. CPU time is what a server
 * runs out of, and what other programs on the machine disturb least.
 */
export function ratio(of: Timing, to: Timing): number {
  return median(of.cpus.map((cpu, round) => cpu / (to.cpus[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

interface Lane {
  readonly contestant: Contestant;
  readonly times: number;
  readonly walls: number[];
  readonly cpus: number[];
}

/** V8 compiles what runs often while it runs, so a contestant runs for some turns before any counts. */
async function runIn(contestant: Contestant, turn: number): Promise<number> {
  let times = 1;
  let spent = 0;
  for (;;) {
    const { wall } = await time(contestant, times);
    spent += wall;
    const fitting = Math.max(1, Math.round((times * turn * 1_000) / wall));
    if (spent >= turn * 4_000) return fitting;
    times = Math.min(fitting, times * 4);
  }
}

async function time(contestant: Contestant, times: number): Promise<{ wall: number; cpu: number }> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await contestant.run(times);
  const wall = Number(process.hrtime.bigint() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: user + system };
}
