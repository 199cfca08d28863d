// The path of a request, in the order in which every list of the lab names the roles, and one colour a role.

export const PATH = ['client', 'cdn', 'lb', 'server', 'redis', 'replica', 'postgres', 'queue', 'worker', 'object_store'] as const;
export type Role = (typeof PATH)[number];

// Neither green, yellow nor red: these three say how something is, never who it is.
export const ROLE_COLOUR: Record<Role, string> = {
  client: '#C4C6D0',
  cdn: '#8AB8FF',
  lb: '#3274D9',
  server: '#FFB357',
  redis: '#FF85B3',
  replica: '#56D9C8',
  postgres: '#1F9E8F',
  queue: '#B877D9',
  worker: '#7A5CC7',
  object_store: '#A0785A',
};

// For lines that are neither roles nor good or bad.
const NEUTRAL = ['#8AB8FF', '#B877D9', '#56D9C8', '#C4C6D0', '#3274D9', '#A0785A', '#FF85B3', '#1F9E8F'];
const nth = (i: number): string => NEUTRAL[i % NEUTRAL.length] ?? '#8AB8FF';

/** A colour a name, in this order. */
export const neutral = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name, i) => [name, nth(i)]));

/** A colour a number at the end of a node's name, as patterns: server-2 has the second. */
export const BY_NUMBER: [pattern: string, colour: string][] = NEUTRAL.map((_, i) => [`/-${i + 1}$/`, nth(i)]);

export const COLOUR = {
  good: '#73BF69',
  warn: '#EAB839',
  bad: '#F2495C',
  calm: '#8AB8FF',
  strong: '#3274D9',
  faint: '#8E8E99',
  extra: '#B877D9',
  nothing: 'transparent',
} as const;
