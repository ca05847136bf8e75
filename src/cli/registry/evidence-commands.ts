import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';

type ServerOption = readonly [string, string];

/** `cordon attestation`, `waive`, `lineage`, `impact`, `gc` and `scrub`. */
export function addEvidenceCommands(cordon: Command, io: Io, server: ServerOption): void {
  addAttestationCommands(cordon, io, server);
  addWaiveCommands(cordon, io, server);
  cordon
    .command('lineage')
    .description('what a model in the registry was made from')
    .argument('<name>', 'namespace/name@version or @revision')
    .option('--descendants', 'what was made from it')
    .option('--proven', 'only what signers attest or bytes show')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { lineageCommand } = await import('./lineage.ts');
      process.exitCode = await lineageCommand(name, options, io);
    });
  cordon
    .command('impact')
    .description('which released versions descend from a model, dataset or file')
    .argument('<artifact>', 'digest, or a name such as dataset:org/name')
    .option('--stage <stage>', 'only those in this stage, such as production')
    .option('--proven', 'only what signers attest or bytes show')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (artifact: string, options: object) => {
      const { impactCommand } = await import('./lineage.ts');
      process.exitCode = await impactCommand(artifact, options, io);
    });
  cordon
    .command('gc')
    .description('remove from the registry what nothing refers to')
    .option('--dry-run', 'only say what it would remove')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { gcCommand } = await import('./maintenance.ts');
      process.exitCode = await gcCommand(options, io);
    });
  cordon
    .command('scrub')
    .description('compare everything stored in the registry with its digest')
    .option(...server)
    .action(async (options: object) => {
      const { scrubCommand } = await import('./maintenance.ts');
      process.exitCode = await scrubCommand(options, io);
    });
}

function addAttestationCommands(cordon: Command, io: Io, server: ServerOption): void {
  const attestation = cordon.command('attestation').description('signatures and attestations of the registry');
  attestation
    .command('push')
    .description('bring signatures and attestations (files of cordon sign and cordon attest)')
    .argument('<name>', 'namespace/name@version or @revision')
    .argument('<file...>')
    .option(...server)
    .action(async (name: string, files: string[], options: object) => {
      const { attestationPushCommand } = await import('./attestations.ts');
      process.exitCode = await attestationPushCommand(name, files, options, io);
    });
  attestation
    .command('list')
    .description('what is there, and what of it counts')
    .argument('<name>', 'namespace/name@version or @revision')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { attestationListCommand } = await import('./attestations.ts');
      process.exitCode = await attestationListCommand(name, options, io);
    });
  attestation
    .command('fetch')
    .description('write them into a folder, with the keys of the registry, to verify without a server')
    .argument('<name>', 'namespace/name@version or @revision')
    .requiredOption('-o, --output <folder>', 'where to')
    .option(...server)
    .action(async (name: string, options: { output: string }) => {
      const { attestationFetchCommand } = await import('./attestations.ts');
      process.exitCode = await attestationFetchCommand(name, options, io);
    });
}

function addWaiveCommands(cordon: Command, io: Io, server: ServerOption): void {
  const waive = cordon.command('waive').description('exceptions in the registry: asked for by one, approved by another, ended by time');
  waive
    .command('request')
    .description('ask for an exception; prints its id')
    .argument('<name>', 'namespace/name')
    .requiredOption('--rule <rule>', 'rule id, or a prefix ending in ".*"')
    .requiredOption('--reason <text>', 'why it is acceptable')
    .option('--days <n>', 'how long', days, 30)
    .option('--path <glob>', 'only in these files')
    .option('--sha256 <digest>', 'only while the file has this content')
    .option('--fingerprint <text>', 'only this finding')
    .option('--ticket <text>', 'where it is discussed')
    .option(...server)
    .action(async (name: string, options: { rule: string; reason: string; days: number }) => {
      const { waiveRequestCommand } = await import('./waivers.ts');
      process.exitCode = await waiveRequestCommand(name, options, io);
    });
  for (const [verb, description] of [
    ['approve', 'put the exception of somebody else into force'],
    ['revoke', 'end an exception before its time'],
  ] as const) {
    waive
      .command(verb)
      .description(description)
      .argument('<name>', 'namespace/name')
      .argument('<id>')
      .option(...server)
      .action(async (name: string, id: string, options: object) => {
        const { waiveApproveCommand, waiveRevokeCommand } = await import('./waivers.ts');
        process.exitCode = await (verb === 'approve' ? waiveApproveCommand : waiveRevokeCommand)(name, id, options, io);
      });
  }
  waive
    .command('list')
    .description('exceptions of a repository, newest first')
    .argument('<name>', 'namespace/name')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { waiveListCommand } = await import('./waivers.ts');
      process.exitCode = await waiveListCommand(name, options, io);
    });
}

function days(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 3_650)) throw new InvalidArgumentError('give a number of days up to 3650.');
  return number;
}
