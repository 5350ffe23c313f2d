/** `/proc/PID/root`: one's own root, or another's, which is not shown as if it were one's own. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const WHY = 'the simulator shows no container from outside: go into it';

let t: Terminal;
let agent: string;
beforeAll(async () => {
	t = await terminal();
	agent = (await t.run('docker exec basic-worker pgrep cilium-agent')).trim();
});
const on = (line: string): Promise<string> => t.run(`docker exec basic-worker ${line}`);

test('of the node’s own processes is the node’s', async () => {
	expect(await on('cat /proc/1/root/etc/hostname')).toBe('basic-worker\n');
	expect(await on('readlink /proc/1/root')).toBe('/\n');
});

test.each([
	['cat PATH/etc/resolv.conf', `cat: PATH/etc/resolv.conf: ${WHY}\n`],
	['ls PATH/', `ls: cannot open directory 'PATH/': ${WHY}\n`],
	['ls PATH/etc', `ls: cannot access 'PATH/etc': ${WHY}\n`],
	['grep x PATH/etc/hosts', `grep: PATH/etc/hosts: ${WHY}\n`],
	['stat PATH/etc/hosts', `stat: cannot stat 'PATH/etc/hosts': ${WHY}\n`],
	['cp PATH/etc/hosts /tmp/', `cp: cannot stat 'PATH/etc/hosts': ${WHY}\n`],
	['touch PATH/tmp/x', `touch: cannot touch 'PATH/tmp/x': ${WHY}\n`],
	['find PATH -name hosts', `find: ‘PATH’: ${WHY}\n`],
])('of a container is not shown to %s', async (line, told) => {
	const path = `/proc/${agent}/root`;
	expect((await on(line.replaceAll('PATH', path))).replaceAll(/[‘']([^’']*)[’']/g, "'$1'")).toBe(
		told.replaceAll('PATH', path).replaceAll(/[‘’]/g, "'"),
	);
	expect(t.code()).not.toBe(0);
});

test('of the node is not shown to a pod that sees its processes, whose own is', async () => {
	await t.file(
		'look.yaml',
		'apiVersion: v1\nkind: Pod\nmetadata: {name: look}\nspec: {hostPID: true, nodeName: basic-worker, containers: [{name: c, image: busybox, command: [sleep, 1d]}]}\n',
	);
	await t.run('kubectl apply -f look.yaml; kubectl wait --for=condition=Ready pod/look --timeout=60s');
	const inside = (line: string): Promise<string> => t.run(`kubectl exec look -- ${line}`);
	expect(await inside('ls /proc/1/root')).toContain(WHY);
	expect(await inside('cat /proc/1/root/etc/hostname')).toContain(WHY);
	expect(await inside('cat /proc/self/root/etc/hostname')).toBe('look\n');
	await t.run('kubectl run own --image=busybox -- sleep 1d; kubectl wait --for=condition=Ready pod/own --timeout=60s');
	expect(await t.run('kubectl exec own -- cat /proc/1/root/etc/hostname')).toBe('own\n');
});
