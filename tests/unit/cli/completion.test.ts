/** The Tab key with the tools of the terminal as a page has them: fetched when first used. */
import { expect, it } from 'vitest';
import { surroundings, tools } from '../../../src/cli/all.ts';
import { Session } from '../../../src/cli/shell/index.ts';
import type { ApiObject } from '../../../src/sim/api/index.ts';
import { labPreset } from '../../../src/sim/lab/index.ts';

it('completes commands, flags and names of every tool, from the first press on', async () => {
	const lab = labPreset('kind-basic')!;
	const session = new Session({ lab, tools, surroundings, write: () => undefined, tty: true });
	const words = async (line: string) => (await session.complete(line)).words;
	const { api } = lab.cluster('basic')!;
	const [{ metadata }] = api.list(api.find('pods')!, { namespace: 'kube-system' }) as [ApiObject];
	const { name } = metadata;
	expect(await words(`kubectl -n kube-system describe pod ${name.slice(0, -1)}`)).toEqual([name]);
	expect(await words('k get no')).toContain('nodes');
	expect(await words('kubectl get nodes --out')).toContain('--output');
	expect(await words('kubectl config use-')).toEqual(['use-context']);
	expect(await words('kubectl get pods -A | helm upg')).toEqual(['upgrade']);
	expect(await words('docker exec -it basic-control')).toEqual(['basic-control-plane']);
	expect(await words('cilium sta')).toEqual(['status']);
	expect(await words('kind del')).toEqual(['delete']);
	expect(await words('hubble ob')).toEqual(['observe']);
	expect(await words('ip ro')).toEqual(['route']);
});
