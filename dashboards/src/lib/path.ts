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
