/** Files that images bring along: who is known there, the name of the system, and what web servers serve and read. */
import { type DirectoryNode, directory, file, link, makeDirectory, put } from '../disk/tree.ts';
import { type ImageFacts, imageFacts, isNginxSlim } from './image-facts.ts';
import { usersOf } from './image-users.ts';
import { gatewayParams } from './nginx-params.ts';
import {
	APACHE_INDEX,
	DEFAULT_CONF,
	MIME_TYPES,
	NGINX_50X,
	NGINX_CONF,
	NGINX_INDEX,
	NGINX_SLIM_CONF,
	withoutDark,
} from './pages.ts';
import { userName } from './security.ts';

const FOLDERS =
	'bin dev etc home lib media mnt opt proc root run sbin srv sys tmp usr usr/bin usr/lib usr/local usr/local/bin usr/sbin usr/share var var/cache var/lib var/log var/run var/tmp'.split(
		' ',
	);

const BUSYBOX_FOLDERS =
	'bin dev etc home proc root sys tmp usr usr/bin usr/sbin var var/spool var/spool/mail var/www'.split(' ');

const DEBIAN_RELEASES: Readonly<Record<string, string>> = {
	'13': 'trixie',
	'12': 'bookworm',
	'11': 'bullseye',
	'10': 'buster',
	'9': 'stretch',
	'8': 'jessie',
};

const UBUNTU_RELEASES: Readonly<Record<string, readonly [point: string, name: string]>> = {
	'18.04': ['18.04.6', 'Bionic Beaver'],
	'20.04': ['20.04.4', 'Focal Fossa'],
	'22.04': ['22.04.1', 'Jammy Jellyfish'],
	'24.04': ['24.04.1', 'Noble Numbat'],
};

/** Numbers of the release a tag names, or of the lab's time. */
function release({ repository, tag, system, version }: ImageFacts): string {
	if (system === 'alpine') {
		const named = /alpine(\d+\.\d+)/.exec(tag)?.[1] ?? (repository === 'alpine' ? version : undefined);
		return named === undefined ? '3.16.2' : /^\d+\.\d+$/.test(named) ? `${named}.0` : named;
	}
	if (system === 'ubuntu') {
		const named: Readonly<Record<string, string>> = { jammy: '22.04', focal: '20.04', bionic: '18.04', noble: '24.04' };
		return /^\d\d\.\d\d/.exec(tag)?.[0] ?? named[tag] ?? (repository === 'rabbitmq' ? '20.04' : '22.04');
	}
	const name = Object.entries(DEBIAN_RELEASES).find(
		([number, word]) =>
			tag.includes(word) || repository.includes(word) || (repository === 'debian' && tag.split(/[.-]/)[0] === number),
	);
	// nginx moved on with 1.25, as its packages say.
	return name?.[0] ?? (/(?:^|\/)nginx$/.test(repository) && Number(version?.split('.')[1]) >= 25 ? '12' : '11');
}

/** Number of the release of an image's system: `22.04`, `11`, `3.16.2`. */
export const imageRelease = (image: string): string => release(imageFacts(image));

function osRelease(facts: ImageFacts): string | undefined {
	const number = release(facts);
	switch (facts.system) {
		case 'alpine':
			return `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${number}\nPRETTY_NAME="Alpine Linux v${number.replace(/\.\d+$/, '')}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`;
		case 'debian': {
			const word = DEBIAN_RELEASES[number]!;
			return `PRETTY_NAME="Debian GNU/Linux ${number} (${word})"\nNAME="Debian GNU/Linux"\nVERSION_ID="${number}"\nVERSION="${number} (${word})"\nVERSION_CODENAME=${word}\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n`;
		}
		case 'ubuntu': {
			// The point release of August 2022, as base-files 12ubuntu4.2 has it.
			const [point, name = ''] = UBUNTU_RELEASES[number] ?? [number];
			const code = name.split(' ')[0]!.toLowerCase();
			const pretty = `PRETTY_NAME="Ubuntu ${point} LTS"`;
			const version = `VERSION="${point} LTS (${name})"`;
			const codename = `VERSION_CODENAME=${code}`;
			const newer = Number(number) >= 22;
			// base-files put the names first with 22.04.
			const lines = [
				...(newer ? [pretty] : []),
				'NAME="Ubuntu"',
				...(newer ? [`VERSION_ID="${number}"`] : []),
				version,
				...(newer ? [codename] : []),
				'ID=ubuntu',
				'ID_LIKE=debian',
				...(newer ? [] : [pretty, `VERSION_ID="${number}"`]),
				'HOME_URL="https://www.ubuntu.com/"',
				'SUPPORT_URL="https://help.ubuntu.com/"',
				'BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"',
				'PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"',
				...(newer ? [] : [codename]),
				`UBUNTU_CODENAME=${code}`,
				...(Number(number) >= 24 ? ['LOGO=ubuntu-logo'] : []),
			];
			return lines.map((line) => `${line}\n`).join('');
		}
		default:
			return undefined;
	}
}

/** Whom the image's build added to its system's users. */
const ownUsers = (image: string): { readonly name: string; readonly uid: number; readonly gid: number }[] =>
	[100, 101, 99, 999, 1000, 472].flatMap((uid) => {
		const name = userName(image, uid);
		return name === undefined ? [] : [{ name, uid, gid: imageFacts(image).user?.gid ?? uid }];
	});

/** Directories that are there before anything is added: busybox's image has few (docker-library/busybox). */
function foldersOf({ system, version, repository, tag }: ImageFacts): readonly string[] {
	if (system !== 'busybox') return FOLDERS;
	const linked = repository === 'busybox' && atLeast(version ?? tag, 1, 36, 1);
	return [...BUSYBOX_FOLDERS, ...(linked ? ['lib', 'lib64'] : [])];
}

const atLeast = (version: string, ...least: readonly number[]): boolean => {
	const parts = version.split('.').map(Number);
	for (const [i, number] of least.entries()) if ((parts[i] ?? 0) !== number) return (parts[i] ?? 0) > number;
	return true;
};

/** The root of a new container. `now`: microseconds; the image's own files are older. */
export function imageRoot(image: string, now: number): DirectoryNode {
	const facts = imageFacts(image);
	const { repository, system } = facts;
	const born = Math.min(0, now) - 20 * 86_400_000_000;
	const root = directory(born);
	const add = (path: string, text: string): void => {
		put(root, path, file(text, born));
	};
	for (const path of foldersOf(facts)) makeDirectory(root, path, born);
	for (const path of system === 'busybox' ? ['tmp'] : ['tmp', 'var/tmp'])
		makeDirectory(root, path, born)!.mode = 0o1777;
	makeDirectory(root, 'root', born)!.mode = 0o700;
	if (system !== 'none') {
		const { passwd, group } = usersOf(system, release(facts), ownUsers(image));
		add('etc/passwd', passwd);
		add('etc/group', group);
	}
	if (system === 'debian') for (const path of ['boot', 'lib64']) makeDirectory(root, path, born);
	const os = osRelease(facts);
	if (os !== undefined) add('etc/os-release', os);
	if (system === 'ubuntu') {
		const number = release(facts);
		const [point, name = ''] = UBUNTU_RELEASES[number] ?? [number];
		add(
			'etc/lsb-release',
			`DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${number}\nDISTRIB_CODENAME=${name.split(' ')[0]!.toLowerCase()}\nDISTRIB_DESCRIPTION="Ubuntu ${point} LTS"\n`,
		);
	}
	if (system === 'alpine') add('etc/alpine-release', `${release(facts)}\n`);
	if (system === 'debian') add('etc/debian_version', `${release(facts)}.${release(facts) === '11' ? 4 : 0}\n`);
	if (facts.directory !== undefined) makeDirectory(root, facts.directory, born);
	const isNginx = repository === 'nginx' || repository === 'nginxinc/nginx-unprivileged';
	if (isNginx) {
		const unprivileged = repository !== 'nginx';
		add('etc/nginx/nginx.conf', NGINX_CONF(unprivileged, facts.version ?? ''));
		add('etc/nginx/conf.d/default.conf', DEFAULT_CONF(unprivileged ? 8080 : 80));
		add('etc/nginx/mime.types', MIME_TYPES);
		for (const [name, text] of Object.entries(gatewayParams())) add(`etc/nginx/${name}`, text);
		put(root, 'etc/nginx/modules', link('/usr/lib/nginx/modules', born));
		makeDirectory(root, 'usr/lib/nginx/modules', born);
		const version = facts.version ?? '';
		const dark = atLeast(version, 1, 21, 2);
		add('usr/share/nginx/html/index.html', dark ? NGINX_INDEX : withoutDark(NGINX_INDEX));
		add('usr/share/nginx/html/50x.html', dark ? NGINX_50X : withoutDark(NGINX_50X));
		if (atLeast(version, 1, 19)) {
			makeDirectory(root, 'docker-entrypoint.d', born);
			const scripts = ['docker-entrypoint.sh', ...ENTRYPOINTS.map((name) => `docker-entrypoint.d/${name}`)];
			for (const path of scripts) put(root, path, Object.assign(file(SCRIPT, born), { mode: 0o755 }));
		}
		makeDirectory(root, 'var/cache/nginx', born, unprivileged ? 0o775 : 0o755);
		put(root, 'var/log/nginx/access.log', link('/dev/stdout', born));
		put(root, 'var/log/nginx/error.log', link('/dev/stderr', born));
		if (unprivileged) Object.assign(makeDirectory(root, 'var/cache/nginx', born)!, { uid: 101, gid: 0 });
	}
	if (isNginxSlim(repository)) {
		add('etc/nginx/nginx.conf', NGINX_SLIM_CONF);
		add('etc/nginx/mime.types', MIME_TYPES);
		add('usr/share/nginx/html/index.html', withoutDark(NGINX_INDEX));
		add('usr/share/nginx/html/50x.html', withoutDark(NGINX_50X));
		// Where the lab's nginx keeps what is on its way; this one was configured with /var/lib/nginx.
		makeDirectory(root, 'var/cache/nginx', born);
		put(root, 'var/log/nginx/access.log', link('/dev/stdout', born));
		put(root, 'var/log/nginx/error.log', link('/dev/stderr', born));
	}
	if (repository === 'httpd') {
		add('usr/local/apache2/htdocs/index.html', APACHE_INDEX);
		makeDirectory(root, 'usr/local/apache2/conf', born);
		makeDirectory(root, 'usr/local/apache2/logs', born);
	}
	for (const path of DATA[repository] ?? []) makeDirectory(root, path, born, 0o777);
	return root;
}

/** nginxinc/docker-nginx entrypoint @ 1.23.1; what they do is done by the lab. */
const ENTRYPOINTS = ['10-listen-on-ipv6-by-default.sh', '20-envsubst-on-templates.sh', '30-tune-worker-processes.sh'];
const SCRIPT = '#!/bin/sh\n# The lab does what this script of the image does; its text is not here.\n';

/** `VOLUME` of an image: each gets a volume of its own where nothing else is mounted. */
export const imageVolumes = (image: string): readonly string[] =>
	(DATA[imageFacts(image).repository] ?? []).map((path) => `/${path}`);

/** Where databases keep what they are told. */
const DATA: Readonly<Record<string, readonly string[]>> = {
	mysql: ['var/lib/mysql'],
	mariadb: ['var/lib/mysql'],
	postgres: ['var/lib/postgresql/data'],
	mongo: ['data/db'],
	redis: ['data'],
};
