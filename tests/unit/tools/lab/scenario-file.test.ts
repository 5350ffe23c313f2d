import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readScenarioFile } from '../../../../tools/lab/scenario-file.ts';

const schema = JSON.parse(readFileSync('schemas/scenario.schema.json', 'utf8'));
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

const complaint = (text: string): string => {
	try {
		readScenarioFile(text, 'file.yaml');
	} catch (error) {
		return (error as Error).message;
	}
	return '';
};

const NODE = 'nodes: [{name: a, addresses: {eth0: 10.0.0.1/24}, podCIDR: 10.244.0.0/24}]';

describe('scenario files', () => {
	for (const file of readdirSync('schemas/examples').filter((f) => f.endsWith('.yaml'))) {
		it(`the example ${file} fits the schema and is read`, () => {
			const text = readFileSync(`schemas/examples/${file}`, 'utf8');
			validate(parse(text));
			expect(validate.errors).toBeNull();
			expect(readScenarioFile(text, file).scenario.id).toBe(file.replace('.yaml', ''));
		});
	}

	it('reads nodes, their addresses and routes', () => {
		const { scenario } = readScenarioFile(readFileSync('schemas/examples/two-nodes.yaml', 'utf8'), 'f');
		expect(scenario.cluster.nodes.map((n) => n.name)).toEqual(['left', 'right']);
		expect(scenario.hosts.find((h) => h.ns === 'node/left')).toMatchObject({
			addresses: [{ dev: 'eth0', ip: 0xc000020b, length: 24 }],
			routes: [{ dst: { address: 0, length: 0 }, via: 0xc0000201 }],
			forward: true,
		});
		expect(scenario.links[2]).toMatchObject({ delay: 200 });
	});

	it('lets the switches act on services that state no policy of their own', () => {
		const text = `name: x\n${NODE}\nservices:\n  - {name: a, ports: [{port: 80}]}\n  - {name: b, externalTrafficPolicy: Local, ports: [{port: 80}]}\n`;
		expect(readScenarioFile(text, 'f').scenario.subject.services).toEqual(['default/a']);
	});

	it('has one network for the pods of all nodes', () => {
		const podsOf = (...cidrs: string[]) => {
			const nodes = cidrs.map((c, i) => `  - {name: n${i}, addresses: {e: 10.0.0.${i + 1}/24}, podCIDR: ${c}}\n`);
			return readScenarioFile(`name: x\nnodes:\n${nodes.join('')}`, 'f').scenario.cluster.podCIDR;
		};
		expect(podsOf('10.244.0.0/24', '10.244.7.0/24')).toEqual({ address: 0x0af40000, length: 16 });
		expect(podsOf('10.1.0.0/16', '10.2.0.0/16')).toEqual({ address: 0x0a000000, length: 14 });
		expect(podsOf('192.168.4.0/24')).toEqual({ address: 0xc0a80400, length: 24 });
	});

	it('takes versions as they are written, not as numbers', () => {
		const text = 'name: x\nbundle: {kubernetes: 1.30, kernel: 6.10}\n';
		expect(readScenarioFile(text, 'f').scenario.bundles[0]).toMatchObject({
			kubernetes: '1.30',
			kernel: '6.10',
			proxy: '1.26',
		});
	});

	it.each([
		['', 'the file must be a mapping, not nothing (file, line 1:1)'],
		['name: x\nname: y\n', 'not YAML: Map keys must be unique (file.yaml, line 2:1)'],
		['name: [x\n', /^not YAML: .* \(file\.yaml, line \d+:\d+\)$/],
		['nodes: []\n', 'name is missing (name, line 1:1)'],
		['name: x\nnode: []\n', /^unknown key "node"; known are name, seed, .* \(node, line 2:1\)$/],
		['name: X\n', /^name must be lower-case letters, .* not "X" \(name, line 1:7\)$/],
		[
			`name: x\nnodes:\n  - name: a\n    addresses: {eth0: 10.0.0.1/24}\n    podCIDR: 10.244.0.1/24\n`,
			'"10.244.0.1/24" has bits set beyond its prefix length (nodes[0].podCIDR, line 5:14)',
		],
		[
			`name: x\nnodes:\n  - name: a\n    podCIDR: 10.244.0.0/24\n`,
			'addresses is missing (nodes[0].addresses, line 3:5)',
		],
		[
			`name: x\n${NODE}\nsettings: {replicas: -1}\n`,
			'replicas must be a whole number from 0 to 100, not "-1" (settings.replicas, line 3:22)',
		],
		[`name: x\n${NODE}\nsettings: {podOn: b}\n`, 'podOn must be a, not "b" (settings.podOn, line 3:19)'],
		[`name: x\n${NODE}\npods: [{name: p, node: b}]\n`, 'no node "b"; there are a (pods[0].node, line 3:24)'],
		[
			`name: x\n${NODE}\nlinks: [[node/a:eth0, node/b:eth0]]\n`,
			'no namespace "node/b"; there are node/a (links[0][1], line 3:23)',
		],
		[`name: x\n${NODE}\nlinks: [[node/a:eth0]]\n`, 'a link has two ends (links[0], line 3:9)'],
		[
			`name: x\nhosts: [{name: h, routes: ["10.0.0.0/8 through 1.2.3.4"]}]\n`,
			'a route has no "through"; it has via, dev, src, scope, metric, mtu, onlink (hosts[0].routes[0], line 2:28)',
		],
		[
			`name: x\nhosts: [{name: h, listen: [70000]}]\n`,
			'port must be a whole number from 1 to 65535, not "70000" (hosts[0].listen[0], line 2:28)',
		],
		[`name: x\nservices: [{name: s, ports: [{port: 80}, {port: 81}]}]\n`, /^every port of several needs a name/],
		[
			`name: x\nhosts:\n  - name: h\niptables-save:\n  h: |\n    *nat\n    -A PREROUTING -j NOWHERE\n    COMMIT\n`,
			/\(iptables-save\.h, line 7:\d+\)$/,
		],
		[`name: x\nhosts: [{name: a}, {name: a}]\n`, 'there is another "a" (hosts[1].name, line 2:27)'],
		[
			`name: x\nhosts: [{name: a}, {name: b}]\nlinks: [[a:e, b:e], [a:f, b:e]]\n`,
			/^"b:e" is an end of another link \(links\[1\]\[1\], line 3:27\)$/,
		],
		[
			`name: x\nhosts: [{name: a}]\nbridges: [{in: a, name: br0, ports: [p]}]\n`,
			'no link ends at "a:p" (bridges[0].ports[0], line 3:38)',
		],
		[`name: x\niptables-save: {y: ""}\n`, /^no namespace "y"/],
		['name: x\n---\nname: y\n', 'not YAML: there is more than one document (file.yaml, line 2:1)'],
		[`name: ${'['.repeat(9000)}`, /^not YAML: it is nested too deeply/],
		[`name: x\nhosts: [{name: h, addresses: {"e 0": 10.0.0.1/24}}]\n`, /^"e 0" cannot be the name of a device/],
		[`name: x\nhosts: [{name: a}, {name: b}]\nlinks: [["a:..", b:e]]\n`, /^"\.\." cannot be the name of a device/],
		[`name: x\nhosts: [{name: a}, {name: b}]\nlinks: [[a:lo, b:e]]\n`, /^the loopback device has no other end/],
		[
			`name: x\nhosts: [{name: a}, {name: b}]\nlinks: [[a:e, b:e]]\nbridges: [{in: a, name: e}]\n`,
			'there is another device "e" in a (bridges[0].name, line 4:25)',
		],
		[
			`name: x\nhosts: [{name: a}, {name: b}]\nlinks: [[a:e, b:e]]\nbridges: [{in: a, name: x, ports: [e, e]}]\n`,
			'"a:e" is a port of a bridge already (bridges[0].ports[1], line 4:39)',
		],
		[`name: x\nhosts: [{name: h, listen: [80/tcp/x]}]\n`, /^a listener is written .* not "80\/tcp\/x"/],
		[`name: x\nhosts: [{name: h, routes: [blackhole 10.0.0.0/8 via 1.2.3.4]}]\n`, /^a route of type blackhole/],
		[`name: x\nhosts: [{name: h, routes: [default via 1.2.3.4 via 1.2.3.5]}]\n`, /^"via" is given twice/],
		[`name: x\nbundle: {cilium: 1.12.1}\n`, 'a version of Cilium needs "cni: cilium" (bundle.cilium, line 2:18)'],
		[
			`name: x\nnodes:\n  - {name: a, addresses: {e: 10.0.0.1/24}, podCIDR: 10.244.0.0/16}\n  - {name: b, addresses: {e: 10.0.0.2/24}, podCIDR: 10.244.1.0/24}\n`,
			'its podCIDR overlaps that of node "a" (nodes[1], line 4:5)',
		],
		[
			`name: x\nnodes:\n  - {name: a, addresses: {e: 10.0.0.1/24}, podCIDR: 10.244.0.0/24}\n  - {name: b, addresses: {e: 10.0.0.1/24}, podCIDR: 10.244.1.0/24}\n`,
			'node "a" has that address too (nodes[1], line 4:5)',
		],
		[
			`name: x\n${NODE}\npods: [{name: p, node: a, ip: 10.244.0.9}, {name: q, node: a, ip: 10.244.0.9}]\n`,
			'pod "p" has the address 10.244.0.9 too (pods[1], line 3:44)',
		],
		[
			`name: x\n${NODE}\npods: [{name: p, node: a, ip: 10.244.0.9, hostNetwork: true}]\n`,
			/^a pod on the network of its node has no address of its own/,
		],
		[
			`name: x\nservices: [{name: s, ports: [{name: a, port: 80}, {name: a, port: 81}]}]\n`,
			'there is another port "a" (services[0].ports[1], line 2:51)',
		],
		[
			`name: x\nservices: [{name: s, ports: [{name: a, port: 80}, {name: b, port: 80}]}]\n`,
			/^there is another port 80\/TCP/,
		],
		[
			`name: x\nservices: [{name: s, type: ClusterIP, ports: [{port: 80, nodePort: 30080}]}]\n`,
			/^a service of type ClusterIP has no nodePort/,
		],
		[
			`name: x\nservices: [{name: s, ports: [{port: 80, nodePort: 80}]}]\n`,
			/^nodePort must be a whole number from 30000 to 32767/,
		],
		[`name: x\nhosts: &h [{name: h}]\nrouters: *h\n`, /^routers must be a list, not an alias/],
	])('%j is refused in one line that says where', (text, line) => {
		const said = complaint(text);
		expect(said).not.toContain('\n');
		if (typeof line === 'string') expect(said).toBe(line);
		else expect(said).toMatch(line);
	});
});
