import { expect, test } from 'vitest';
import { runSituation, type Situation } from '../../../src/exercises/index.ts';
import { loadFigureText } from '../../../src/i18n/figure/index.ts';
import { kindBasic } from '../../../src/sim/scenarios/index.ts';
import { formatIp, parseIp } from '../../../src/sim/wire/index.ts';
import { digestOfOutcome, linkOf } from '../../../src/widgets/link.ts';
import { situationOf } from '../../../src/widgets/link-read.ts';
import { ALL_CONTROLS, describe } from '../../../src/widgets/switch-heads.ts';
import { turn } from '../../../src/widgets/switch-turn.ts';
import { switchesOf } from '../../../src/widgets/switches.ts';

const text = await loadFigureText('en');
const start: Situation = {
	scenario: 'kind-basic',
	settings: { bundle: 'bare-1.24', podOn: 'basic-worker' },
	probe: { from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'tcp' },
};
const find = (situation: Situation, control: (typeof ALL_CONTROLS)[number]) =>
	switchesOf(kindBasic, situation, [control], text)[0]!;

test('every control has a switch, with the value of the situation chosen', () => {
	const switches = switchesOf(kindBasic, start, ALL_CONTROLS, text);
	expect(switches.map((s) => s.control)).toEqual(ALL_CONTROLS);
	for (const s of switches) expect(s.choices.map((c) => c.value)).toContain(s.value);
});

test('doors stand in the order of their addresses', () => {
	expect(find(start, 'entry').choices.map((c) => `${c.name} ${c.code}`)).toEqual([
		'worker2 .2',
		'worker .3',
		'control-plane .4',
		'worker3 .5',
	]);
});

test('knocking at another door changes the probe and nothing else', () => {
	const next = turn(kindBasic, start, 'entry', 'basic-worker3');
	expect(formatIp(next.probe.to.ip)).toBe('172.18.0.5');
	expect({ ...next.probe, to: start.probe.to }).toEqual(start.probe);
	expect(next.settings).toBe(start.settings);
});

test('the protocol is switched for the service and for the packet', () => {
	const next = turn(kindBasic, start, 'protocol', 'UDP');
	expect(next.settings.protocol).toBe('UDP');
	expect(next.probe.protocol).toBe('udp');
	expect(runSituation(next).outcome.result).toBe('connected');
});

test('a pod’s node can be chosen for one pod, never the control plane, and the reason is said', () => {
	const off = (situation: Situation) => find(situation, 'podOn').choices.map((c) => c.off);
	expect(off(start)).toEqual([undefined, undefined, text.switches.whyNotControlPlane, undefined]);
	expect(off(turn(kindBasic, start, 'replicas', '3'))[0]).toBe(text.switches.whyNotPodOn);
});

test('what nobody offers leaves the situation as it is', () => {
	expect(turn(kindBasic, start, 'entry', 'nowhere')).toBe(start);
	expect(turn(kindBasic, start, 'protocol', 'SCTP')).toBe(start);
});

test('two situations are told apart by what differs', () => {
	const other = turn(kindBasic, turn(kindBasic, start, 'entry', 'basic-worker'), 'externalTrafficPolicy', 'Local');
	expect(describe(kindBasic, start, other, ALL_CONTROLS, text)).toEqual([
		'Traffic policy: Cluster',
		'Knock at: worker2',
	]);
	const local = turn(kindBasic, start, 'externalTrafficPolicy', 'Local');
	expect(describe(kindBasic, start, local, ALL_CONTROLS, text)).toEqual(['Cluster']);
	const three = turn(kindBasic, start, 'replicas', '3');
	expect(describe(kindBasic, three, start, ALL_CONTROLS, text)).toEqual(['Pods: 3']);
	expect(describe(kindBasic, other, start, ALL_CONTROLS, text)).toEqual(['Traffic policy: Local', 'Knock at: worker']);
});

test('a value of Helm that only one side has is said to be not set on the other', () => {
	const masquerade: Situation = { ...start, settings: { ...start.settings, helm: { 'bpf.masquerade': 'true' } } };
	expect(describe(kindBasic, masquerade, start, ALL_CONTROLS, text)).toEqual(['bpf.masquerade=true']);
	expect(describe(kindBasic, start, masquerade, ALL_CONTROLS, text)).toEqual(['bpf.masquerade: not set']);
});

test('a link gives back the situation and the digest of its result', () => {
	const there = turn(kindBasic, start, 'externalTrafficPolicy', 'Local');
	const { outcome } = runSituation(there);
	const back = situationOf(linkOf(kindBasic, there, outcome)!, start);
	if ('error' in back) throw new Error(back.error);
	expect(back.situation.probe).toEqual(there.probe);
	expect({ ...kindBasic.start, ...back.situation.settings }).toEqual({ ...kindBasic.start, ...there.settings });
	expect(back.digest).toBe(digestOfOutcome(outcome));
	expect(back.current).toBe(true);
});

test('a link that is none is an error value', () => {
	for (const text of ['', '1.', '1.AAAA', 'javascript:alert(1)', '9.W10', `1.${'A'.repeat(10_000)}`]) {
		expect(situationOf(text, start)).toHaveProperty('error');
	}
});

test('who balances sets kube-proxy and Helm values together, and is spelt as the version has it', () => {
	const old = turn(kindBasic, turn(kindBasic, start, 'bundle', 'cilium-1.12'), 'mode', 'dsr');
	expect(old.settings).toMatchObject({
		kubeProxy: 'none',
		helm: { kubeProxyReplacement: 'strict', 'loadBalancer.mode': 'dsr' },
	});
	const later = turn(kindBasic, old, 'bundle', 'cilium-1.18');
	expect(later.settings.helm).toEqual({ kubeProxyReplacement: 'true', 'loadBalancer.mode': 'dsr' });
	expect(find(later, 'mode').value).toBe('dsr');
	expect(turn(kindBasic, later, 'mode', 'proxy').settings).toMatchObject({ kubeProxy: 'iptables', helm: {} });
	expect(turn(kindBasic, later, 'mode', 'nobody')).toBe(later);
});

test('without Cilium nobody but kube-proxy can be chosen, and the reason is said', () => {
	expect(find(start, 'mode').choices.map((c) => c.off)).toEqual([
		undefined,
		...Array(3).fill(text.switches.whyNotEbpf),
	]);
});

test('beside who balances, versions without Cilium are not offered', () => {
	const cilium = turn(kindBasic, start, 'bundle', 'cilium-1.12');
	const [, bundles] = switchesOf(kindBasic, cilium, ['mode', 'bundle'], text);
	expect(bundles!.choices.every((c) => c.value.startsWith('cilium-'))).toBe(true);
	expect(find(cilium, 'bundle').choices.some((c) => c.value.startsWith('bare-'))).toBe(true);
});

test('kube-proxy beside a mode is told once', () => {
	const cilium = turn(kindBasic, start, 'bundle', 'cilium-1.12');
	expect(describe(kindBasic, cilium, turn(kindBasic, cilium, 'mode', 'snat'), ALL_CONTROLS, text)).toEqual([
		'kube-proxy',
	]);
});
