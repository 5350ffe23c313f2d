/**
 * The terminal as a page has it: what comes later (`src/integrations/terminal-later.ts`) is not there until its door was
 * opened. Each case begins with everything shut.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Octets } from '../../src/cli/index.ts';
import { comparable } from '../tapes/play.ts';
import { readTape } from '../tapes/tape.ts';

const TAPES = new URL('../tapes/', import.meta.url);
const NAMES = readdirSync(TAPES).filter((name) => name.endsWith('.tape'));

beforeEach(() => {
	vi.resetModules();
});

const anew = async () => ({
	lab: await import('../../src/sim/lab/index.ts'),
	cli: await import('../../src/cli/index.ts'),
	tapes: await import('../tapes/play.ts'),
});

it('the doors are shut at first', async () => {
	const packets: object = await import('../../src/sim/lab/packets.ts');
	const { loadPackets, hasPackets } = packets as Record<string, () => unknown>;
	expect(hasPackets!()).toBe(false);
	await loadPackets!();
	expect(hasPackets!()).toBe(true);
});

describe.each(NAMES)('%s', (name) => {
	it('comes out as it does where everything is there', async () => {
		const tape = readTape(readFileSync(new URL(name, TAPES), 'utf8'));
		const { lab, tapes } = await anew();
		for (const { step, output } of await tapes.play(tape, await lab.openPreset(tape.lab)))
			expect(comparable(output, tape), `line ${step.at}: ${step.lines.join('\n')}`).toBe(comparable(step.output, tape));
	});
});

/** What somebody may type first, who did nothing before. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
	empty: [
		'ip addr; iptables-save; ss -tlnp; cat /proc/net/dev; ping -c 1 127.0.0.1; curl -s 127.0.0.1',
		'docker run -d -p 8080:80 nginx; docker ps; docker logs $(docker ps -q); docker port $(docker ps -q)',
		'docker run -d -p 8080:5678 hashicorp/http-echo -text=hi; sleep 2; curl -s 127.0.0.1:8080; docker logs $(docker ps -q)',
		'docker run --rm alpine sh -c "ip a; wget -qO- 127.0.0.1; ls /proc"; docker network create n1; docker network inspect n1',
		'kind create cluster; kubectl create deployment w --image=nginx; kubectl rollout status deploy w; kubectl expose deploy w --port=80; kubectl exec deploy/w -- curl -s w',
	],
	'kind-basic': [
		'curl -s 172.18.0.2:6443; kubectl get pods -A -o wide',
		'docker exec basic-worker cat /proc/net/route /proc/sys/net/ipv4/ip_forward',
		'docker exec basic-worker iptables-save -t nat',
		'docker exec -it basic-worker bash\niptables -L\nexit',
		'kubectl run t --image=nicolaka/netshoot -- sleep 99; kubectl wait pod/t --for=condition=Ready; kubectl exec t -- dig kubernetes.default.svc.cluster.local',
		'kubectl run e --image=traefik/whoami; kubectl wait pod/e --for=condition=Ready; kubectl run --rm -i t --image=curlimages/curl -- -s $(kubectl get pod e -o jsonpath={.status.podIP}); kubectl logs e',
		'docker restart basic-worker; kubectl get nodes; kubectl logs -n kube-system ds/kube-proxy',
		'echo 0 > x; docker cp x basic-worker:/proc/sys/net/ipv4/ip_forward; kubectl get nodes',
		'kind export logs l; ls l',
		'docker network disconnect kind basic-worker; kubectl get nodes',
	],
	'kind-nocni': [
		'cilium install; cilium status --wait; kubectl get nodes',
		'helm template cilium cilium/cilium | wc -l',
	],
	'kind-cilium': [
		'docker stop basic-worker; sleep 60; kubectl get nodes',
		'kubectl -n kube-system exec ds/cilium -- cilium bpf lb list',
		'kubectl -n kube-system exec ds/cilium -- cilium monitor',
		'docker exec basic-worker bpftool prog show',
		'cilium connectivity test',
		'kubectl delete pod -n kube-system -l k8s-app=cilium; sleep 60; cilium status',
		'kind create cluster --name two; docker ps',
	],
	'kind-ebpf': [
		'docker exec basic-worker tc filter show dev eth0 ingress',
		'docker exec basic-worker2 ip link set eth0 down; sleep 50; kubectl get nodes',
	],
};

describe.each(Object.keys(FIRST))('in %s', (preset) => {
	it.each(FIRST[preset]!)('%s', async (text) => {
		const { lab, cli } = await anew();
		let said = '';
		const write = (octets: Octets): void => {
			said += cli.readable(octets);
		};
		const patience = 600e6;
		const opened = (await lab.openPreset(preset))!;
		const session = new cli.Session({ lab: opened, tools: cli.tools, surroundings: cli.surroundings, patience, write });
		for (const line of text.split('\n')) await session.submit(line);
		expect(said).not.toBe('');
		expect(said).not.toMatch(/simulator failed|undefined \(reading|is not a function/);
	});
});

it('docker exec knows a node’s programs before anybody looked there', async () => {
	const { lab, cli } = await anew();
	let said = '';
	const write = (octets: Octets): void => {
		said += cli.readable(octets);
	};
	const opened = (await lab.openPreset('kind-basic'))!;
	const session = new cli.Session({ lab: opened, tools: cli.tools, surroundings: cli.surroundings, write });
	await session.submit('docker exec basic-worker findmnt');
	expect(said).toContain('findmnt: the program is here');
});
