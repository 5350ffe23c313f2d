/** docker cp and kubectl cp: links, directories with nothing in them, and permissions. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const TREE = 'mkdir -p d/none d/some; echo 1 > d/some/f; chmod 750 d/some/f; ln -s some/f d/l; ln -s nowhere d/broken';
const LISTED = (at: string): string => `cd ${at}; find . | sort | tr '\\n' ' '; readlink l broken; stat -c %a some/f`;
const SEEN = '. ./broken ./l ./none ./some ./some/f some/f\nnowhere\n750\n';

test('docker cp copies what is there, either way', async () => {
	const t = await terminal();
	await t.run(TREE);
	for (const container of ['basic-worker', 'c']) {
		if (container === 'c') await t.run('docker run -d --name c nginx');
		await t.run(`docker cp d ${container}:/srv/`);
		expect(await t.run(`docker exec ${container} sh -c "${LISTED('/srv/d')}"`), container).toBe(SEEN);
		await t.run(`docker cp ${container}:/srv/d back-${container}`);
		expect(await t.run(`(${LISTED(`back-${container}`)})`), container).toBe(SEEN);
		// Of a link it is the link that is copied.
		await t.run(`docker cp ${container}:/srv/d/l link-${container}`);
		expect(await t.run(`readlink link-${container}`)).toBe('some/f\n');
	}
});

test('kubectl cp takes links in and leaves them out on the way back, as it says', async () => {
	const t = await terminal();
	await t.run(`${TREE}; kubectl run p --image=nginx; kubectl wait --for=condition=Ready pod/p; kubectl cp d p:/srv`);
	expect(await t.run(`kubectl exec p -- sh -c "${LISTED('/srv/d')}"`)).toBe(SEEN);
	expect(await t.run('kubectl cp p:/srv/d back')).toBe(
		`tar: Removing leading \`/' from member names\nwarning: skipping symlink: "back/broken" -> "nowhere" (consider using "kubectl exec -n "" "p" -- tar cf - "/srv/d" | tar xf -")\nwarning: skipping symlink: "back/l" -> "some/f"\n`,
	);
	expect(await t.run("(cd back; find . | sort | tr '\\n' ' '; stat -c %a some/f)")).toBe(
		'. ./none ./some ./some/f 644\n',
	);
	// A file takes the name that is given, and a directory that is there is in the way.
	expect(await t.run('kubectl cp p:/srv/d/some/f back')).toContain('error: open back: is a directory\n');
	await t.run('kubectl cp p:/srv/d/some/f new/; kubectl cp d/some/f p:/srv/named/');
	expect(await t.run('cat new; kubectl exec p -- cat /srv/named')).toBe('1\n1\n');
	expect(await t.run('kubectl cp d/some/f p:/nowhere/f')).toBe(
		'tar: /nowhere: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\ncommand terminated with exit code 2\n',
	);
});
