/** Every tool of the terminal. */
import { tools as cilium } from './cilium/index.ts';
import { tools as docker } from './docker/index.ts';
import { tools as helm } from './helm/index.ts';
import { tools as kind } from './kind/index.ts';
import { tools as kubectl } from './kubectl/index.ts';
import type { Tool } from './tool.ts';

export const tools: readonly Tool[] = [...cilium, ...docker, ...helm, ...kind, ...kubectl];
