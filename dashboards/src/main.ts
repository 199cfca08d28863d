// Writes every dashboard to json/UID.json, or into the folder that is given.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { cdn } from './cdn';
import { loadBalancer } from './lb';
import { objectStore } from './object_store';
import { overview } from './overview';
import { postgres } from './postgres';
import { postmortem } from './postmortem';
import { queue } from './queue';
import { redis } from './redis';
import { triage } from './triage';

const BOARDS: (() => Dashboard)[] = [overview, triage, cdn, loadBalancer, redis, postgres, queue, objectStore, postmortem];

const folder = process.argv[2] ?? join(__dirname, '..', 'json');
mkdirSync(folder, { recursive: true });
for (const make of BOARDS) {
  const board = make();
  writeFileSync(join(folder, `${board.uid}.json`), `${JSON.stringify(board, null, 2)}\n`);
}
