/** Checks of a pod's spec. Source: kubernetes pkg/apis/core/validation/validation.go @ v1.24.0. */
import { parseIp } from '../../wire/index.ts';
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { nameErrors, validateLabels } from '../meta.ts';
import {
	duplicate,
	type FieldError,
	fieldForbidden,
	invalidValue,
	notFoundValue,
	notSupported,
	required,
} from '../status.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
export const PORT_TEXT = 'must be between 1 and 65535, inclusive';

export const isPort = (value: unknown): boolean =>
	typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;

/** Why a text is no port name (IANA_SVC_NAME); empty when it is. */
export const portNameErrors = (name: string): readonly string[] => {
	const errors: string[] = [];
	if (name.length > 15) errors.push('must be no more than 15 characters');
	if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
	if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
	if (name.includes('--')) errors.push('must not contain consecutive hyphens');
	if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen');
	return errors;
};

const validatePorts = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const names = new Set<string>();
	for (const [i, port] of subs(container, 'ports').entries()) {
		const here = `${field}.ports[${i}]`;
		const name = text(port, 'name');
		if (name) {
			for (const why of portNameErrors(name)) errors.push(invalidValue(`${here}.name`, name, why));
			if (names.has(name)) errors.push(duplicate(`${here}.name`, name));
			names.add(name);
		}
		if (!number(port, 'containerPort')) errors.push(required(`${here}.containerPort`));
		else if (!isPort(port.containerPort))
			errors.push(invalidValue(`${here}.containerPort`, port.containerPort, PORT_TEXT));
		if (port.hostPort && !isPort(port.hostPort))
			errors.push(invalidValue(`${here}.hostPort`, port.hostPort, PORT_TEXT));
		if (!PROTOCOLS.includes(String(port.protocol)))
			errors.push(notSupported(`${here}.protocol`, port.protocol, PROTOCOLS));
	}
	return errors;
};

const ENV = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const ENV_TEXT =
	"a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

const QUANTITY = /^[+-]?[0-9.]+([eE][-+]?[0-9]+|[numkKMGTPE]?i?)?$/;
const QUANTITY_TEXT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** A quantity as a number of its unit; undefined when it is none. */
export const quantity = (value: unknown): number | undefined => {
	const m = /^([+-]?[0-9.]+)([eE][-+]?[0-9]+)?([numkMGTPE]|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(String(value));
	if (!m) return undefined;
	const scale: Readonly<Record<string, number>> = {
		n: 1e-9,
		u: 1e-6,
		m: 1e-3,
		k: 1e3,
		M: 1e6,
		G: 1e9,
		T: 1e12,
		P: 1e15,
		E: 1e18,
	};
	const unit = m[3] ?? '';
	const binary = unit.endsWith('i') ? 1024 ** ('KMGTPE'.indexOf(unit[0]!) + 1) : undefined;
	return Number(`${m[1]}${m[2] ?? ''}`) * (binary ?? scale[unit] ?? 1);
};

const validateResources = (container: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const { requests, limits } = sub(container, 'resources');
	for (const [name, list] of Object.entries({ limits, requests }))
		if (isRecord(list))
			for (const key in list) {
				if (!QUANTITY.test(String(list[key])))
					errors.push(invalidValue(`${field}.resources.${name}[${key}]`, list[key], QUANTITY_TEXT));
			}
	if (isRecord(requests) && isRecord(limits))
		for (const key in requests) {
			const [asked, limit] = [quantity(requests[key]), quantity(limits[key])];
			if (asked !== undefined && limit !== undefined && asked > limit)
				errors.push(
					invalidValue(`${field}.resources.requests`, requests[key], `must be less than or equal to ${key} limit${''}`),
				);
		}
	return errors;
};

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

const validateProbe = (probe: unknown, field: string): FieldError[] => {
	if (!isRecord(probe)) return [];
	if (!HANDLERS.some((key) => probe[key] !== undefined)) return [required(field, 'must specify a handler type')];
	const errors: FieldError[] = [];
	for (const key of ['httpGet', 'tcpSocket']) {
		const port = sub(probe, key).port;
		if (typeof port === 'number' && !isPort(port)) errors.push(invalidValue(`${field}.${key}.port`, port, PORT_TEXT));
	}
	for (const key of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'])
		if ((number(probe, key) ?? 0) < 0)
			errors.push(invalidValue(`${field}.${key}`, probe[key], 'must be greater than or equal to 0'));
	return errors;
};

const PULL = ['Always', 'IfNotPresent', 'Never'];

export const validateContainer = (container: Draft, field: string, volumes: ReadonlySet<string>): FieldError[] => {
	const errors: FieldError[] = [];
	const name = text(container, 'name') ?? '';
	if (name === '') errors.push(required(`${field}.name`));
	else for (const why of nameErrors(name, 'label')) errors.push(invalidValue(`${field}.name`, name, why));
	const image = text(container, 'image') ?? '';
	if (image === '') errors.push(required(`${field}.image`));
	else if (image !== image.trim())
		errors.push(invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace'));
	if (!PULL.includes(String(container.imagePullPolicy)))
		errors.push(notSupported(`${field}.imagePullPolicy`, container.imagePullPolicy, PULL));
	errors.push(...validatePorts(container, field));
	for (const [i, variable] of subs(container, 'env').entries()) {
		const key = text(variable, 'name') ?? '';
		if (key === '') errors.push(required(`${field}.env[${i}].name`));
		else if (!ENV.test(key)) errors.push(invalidValue(`${field}.env[${i}].name`, key, ENV_TEXT));
	}
	for (const [i, mount] of subs(container, 'volumeMounts').entries()) {
		const volume = text(mount, 'name') ?? '';
		if (volume === '') errors.push(required(`${field}.volumeMounts[${i}].name`));
		else if (!volumes.has(volume)) errors.push(notFoundValue(`${field}.volumeMounts[${i}].name`, volume));
		if (!text(mount, 'mountPath')) errors.push(required(`${field}.volumeMounts[${i}].mountPath`));
	}
	for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
		errors.push(...validateProbe(container[probe], `${field}.${probe}`));
	errors.push(...validateResources(container, field));
	return errors;
};

const RESTART = ['Always', 'OnFailure', 'Never'];
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

const validateTolerations = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	for (const [i, item] of subs(spec, 'tolerations').entries()) {
		const here = `${field}.tolerations[${i}]`;
		const operator = text(item, 'operator') ?? '';
		if (!item.key && operator !== 'Exists')
			errors.push(
				invalidValue(
					`${here}.operator`,
					operator,
					'operator must be Exists when `key` is empty, which means "match all values and all keys"',
				),
			);
		if (operator === 'Exists' && item.value)
			errors.push(invalidValue(`${here}.operator`, item.value, "value must be empty when `operator` is 'Exists'"));
		if (item.tolerationSeconds !== undefined && item.effect !== 'NoExecute')
			errors.push(
				invalidValue(`${here}.effect`, item.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
			);
	}
	return errors;
};

/** validatePodDNSConfig() and ValidateHostAliases(). */
const validateNames = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const here = `${field}.dnsConfig`;
	const config = isRecord(spec.dnsConfig) ? (spec.dnsConfig as Draft) : undefined;
	const servers = Array.isArray(config?.nameservers) ? config.nameservers : [];
	if (spec.dnsPolicy === 'None') {
		if (!config) return [required(here, 'must provide `dnsConfig` when `dnsPolicy` is None')];
		if (servers.length === 0)
			return [required(`${here}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
	}
	if (servers.length > 3)
		errors.push(invalidValue(`${here}.nameservers`, servers, 'must not have more than 3 nameservers'));
	for (const [i, server] of servers.entries())
		if (!isIp(server)) errors.push(invalidValue(`${here}.nameservers[${i}]`, server, 'must be valid IP address'));
	for (const [i, option] of (config ? subs(config, 'options') : []).entries())
		if (!text(option, 'name')) errors.push(required(`${here}.options[${i}]`, 'must not be empty'));
	for (const alias of subs(spec, 'hostAliases'))
		if (!isIp(alias.ip)) errors.push(invalidValue(`${field}.hostAliases.ip`, alias.ip, 'must be valid IP address'));
	return errors;
};

const isIp = (value: unknown): boolean =>
	parseIp(String(value)) !== undefined || /^[0-9a-f]*:[0-9a-f:.]*$/i.test(String(value));

/** In the order in which they are looked at: validateVolumeSource() of pkg/apis/core/validation/validation.go @ v1.24.0. */
const SOURCES =
	'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image'.split(
		' ',
	);

/** A pod's spec, at a field path: `spec`, `spec.template.spec`; `claims` are volumes that come from elsewhere. */
export const validatePodSpec = (spec: Draft, field: string, claims: readonly string[] = []): FieldError[] => {
	const errors: FieldError[] = [];
	const volumes = new Set<string>(claims);
	const own = new Set<string>();
	for (const [i, volume] of subs(spec, 'volumes').entries()) {
		const name = text(volume, 'name') ?? '';
		for (const more of SOURCES.filter((source) => volume[source] !== undefined).slice(1))
			errors.push(fieldForbidden(`${field}.volumes[${i}].${more}`, 'may not specify more than 1 volume type'));
		if (name === '') errors.push(required(`${field}.volumes[${i}].name`));
		else
			for (const why of nameErrors(name, 'label')) errors.push(invalidValue(`${field}.volumes[${i}].name`, name, why));
		if (own.has(name)) errors.push(duplicate(`${field}.volumes[${i}].name`, name));
		own.add(name);
		volumes.add(name);
	}
	const containers = subs(spec, 'containers');
	if (containers.length === 0) errors.push(required(`${field}.containers`));
	const names = new Set<string>();
	for (const key of ['containers', 'initContainers'])
		for (const [i, container] of subs(spec, key).entries()) {
			const here = `${field}.${key}[${i}]`;
			errors.push(...validateContainer(container, here, volumes));
			const name = text(container, 'name') ?? '';
			if (name !== '' && names.has(name)) errors.push(duplicate(`${here}.name`, name));
			names.add(name);
		}
	if (!RESTART.includes(String(spec.restartPolicy)))
		errors.push(notSupported(`${field}.restartPolicy`, spec.restartPolicy, RESTART));
	if (!DNS.includes(String(spec.dnsPolicy))) errors.push(notSupported(`${field}.dnsPolicy`, spec.dnsPolicy, DNS));
	errors.push(...validateNames(spec, field));
	if ((number(spec, 'terminationGracePeriodSeconds') ?? 0) < 0)
		errors.push(
			invalidValue(
				`${field}.terminationGracePeriodSeconds`,
				spec.terminationGracePeriodSeconds,
				'must be greater than or equal to 0',
			),
		);
	errors.push(...validateLabels(spec.nodeSelector, `${field}.nodeSelector`));
	errors.push(...validateTolerations(spec, field));
	return errors;
};
