import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import { isVersionInRegistry } from '../registry/target.ts';

/** Declares `sign`, `verify`, `attest`, `bom` and `signing-key`; what they do is imported when they run. */
export function addSigningCommands(cordon: Command, io: Io): void {
  withSealOptions(
    cordon
      .command('sign')
      .description('sign a model (OpenSSF Model Signing 1.0)')
      .argument('<path>', 'folder or file')
      .option('-s, --signature <file>', 'where to write the bundle (default: model.sig in the folder, FILE.sig beside a file)')
      .option('--ignore <path>', 'leave out this path inside the model; may be repeated', collect, [])
      .option('--allow-symlinks', 'follow links to files')
      .option('--hash <type>', 'sha256, blake2b or blake3 (default: sha256, which every verifier knows)')
      .option('--shard-size <bytes>', 'sign shards of so many bytes instead of whole files', positive),
  ).action(async (path: string, options: object) => {
    const { signCommand } = await import('../commands/sign.ts');
    process.exitCode = await signCommand(path, options, io);
  });

  withTrustOptions(
    cordon
      .command('verify')
      .description('verify who signed a model and that it is exactly what was signed')
      .argument('<path>', 'folder, file, or namespace/name@version of the registry')
      .option('--server <url>', 'address of the registry (default: CORDON_SERVER, else http://127.0.0.1:7070)')
      .option('-s, --signature <file>', 'the bundle (default: model.sig in the folder, FILE.sig beside a file)')
      .option('--ignore <choice>', 'unsigned paths that may exist: defaults (.git and the like), none, as-signed')
      .option('--allow-extra', 'accept files that were not signed')
      .option('--allow-symlinks', 'follow links to files')
      .option('--attestation <file>', 'also verify this attestation about the model; may be repeated', collect, [])
      .option('--json', 'as JSON'),
  ).action(async (path: string, options: object) => {
    if (isVersionInRegistry(path, io.cwd)) {
      const { verifyVersionCommand } = await import('../registry/verify-version.ts');
      process.exitCode = await verifyVersionCommand(path, options, io);
      return;
    }
    const { verifyCommand } = await import('../commands/verify.ts');
    process.exitCode = await verifyCommand(path, options, io);
  });

  withSealOptions(
    cordon
      .command('attest')
      .description('sign a statement about a model: how it was trained, how it was tested, what a scan found')
      .argument('<path>', 'folder or file')
      .requiredOption('--type <type>', 'training, test-result or scan')
      .option('--from <file>', 'what to say (YAML or JSON): the training run or the test run')
      .option('-g, --gate <name>', 'gate that a scan asks (default: ci)')
      .option('-o, --output <file>', 'where to write (default: PATH.TYPE.json, beside the model)')
      .option('--exclude <file>', 'a file inside the folder that is no part of the model; may be repeated', collect, []),
  ).action(async (path: string, options: { type: string }) => {
    const { attestCommand } = await import('../commands/attest.ts');
    process.exitCode = await attestCommand(path, options, io);
  });

  withTrustOptions(
    cordon
      .command('bom')
      .description('write a bill of materials from bytes, attestations and what the model declares')
      .argument('<path>', 'folder, file, or namespace/name@version of the registry')
      .option('--server <url>', 'address of the registry (default: CORDON_SERVER, else http://127.0.0.1:7070)')
      .option('--record', 'for a version of the registry: sign the bill there and keep it')
      .option('-f, --format <format>', 'cyclonedx or spdx', 'cyclonedx')
      .option('--spec <version>', 'CycloneDX 1.6 or 1.7 (default: 1.6)')
      .option('-o, --output <file>', 'write there instead of standard output')
      .option('--attestation <file>', 'use what a trusted signer says; may be repeated', collect, [])
      .option('--name <name>', 'name of the model (default: of the folder)')
      .option('--model-version <version>', 'version of the model')
      .option('--supplier <name>', 'who supplies it')
      .option('--download <url>', 'where it can be had')
      .option('--timestamp', 'put the time into CycloneDX; SPDX always has one (SOURCE_DATE_EPOCH is honoured)')
      .option('--strict', 'exit with 1 when the model contradicts itself'),
  ).action(async (path: string, options: { format: string }) => {
    if (isVersionInRegistry(path, io.cwd)) {
      const { versionBomCommand } = await import('../registry/lineage.ts');
      process.exitCode = await versionBomCommand(path, options, io);
      return;
    }
    const { bomCommand } = await import('../commands/bom.ts');
    process.exitCode = await bomCommand(path, options, io);
  });

  const key = cordon.command('signing-key').description('make and look at keys that sign');
  key
    .command('create')
    .description('make a key pair: FILE and FILE.pub')
    .argument('<file>')
    .option('--curve <name>', 'P-256, P-384 or P-521', 'P-256')
    .option(
      '--passphrase-file <file>',
      'file with the passphrase, or a secret such as vault:PATH#FIELD (default: the variable CORDON_KEY_PASSPHRASE)',
    )
    .option('--plain', 'leave the private key unencrypted')
    .action(async (file: string, options: { curve: string }) => {
      const { signingKeyCreateCommand } = await import('../commands/signing-key.ts');
      process.exitCode = await signingKeyCreateCommand(file, options, io);
    });
  key
    .command('show')
    .description('print the public half of a signing key')
    .argument('<key>', 'FILE, env:NAME, hashivault://KEY, awskms:///KEY, gcpkms://VERSION, azurekms://VAULT/KEY or a secret')
    .option(
      '--passphrase-file <file>',
      'file with the passphrase, or a secret such as vault:PATH#FIELD (default: the variable CORDON_KEY_PASSPHRASE)',
    )
    .action(async (address: string, options: object) => {
      const { signingKeyShowCommand } = await import('../commands/signing-key.ts');
      process.exitCode = await signingKeyShowCommand(address, options, io);
    });
}

/** How to sign: the same for everything that is signed. */
export function withSealOptions(command: Command): Command {
  return command
    .option(
      '-k, --key <key>',
      'signing key: FILE (PEM), env:NAME, hashivault://KEY, awskms:///KEY, gcpkms://VERSION, azurekms://VAULT/KEY or a secret',
    )
    .option(
      '--passphrase-file <file>',
      'file with the passphrase of the key, or a secret such as vault:PATH#FIELD (default: the variable CORDON_KEY_PASSPHRASE)',
    )
    .option('--certificate <file>', 'certificate of the key (PEM, with its chain)')
    .option('--chain <file>', 'further certificates up to the authority (PEM); may be repeated', collect, [])
    .option('--keyless', 'sign as an OIDC identity through Sigstore')
    .option('--identity-token <file>', 'file with the OIDC token (default: SIGSTORE_ID_TOKEN, else the CI service)')
    .option('--fulcio-url <url>', 'certification authority of a private Sigstore')
    .option('--rekor-url <url>', 'transparency log of a private Sigstore')
    .option('--rekor-version <n>', 'API of the log: 1 or 2 (default: 1)')
    .option('--timestamp-url <url>', 'time-stamping authority: proves when it was signed');
}

/** Whom to trust: the same for everything that is verified. */
export function withTrustOptions(command: Command): Command {
  return command
    .option('-t, --trust <file>', 'file that says whom to trust (trust.yaml)')
    .option('-k, --key <file>', 'public key to trust (PEM); may be repeated', collect, [])
    .option('--authority <file>', 'certification authority to trust (PEM); may be repeated', collect, [])
    .option('--identity <name>', 'keyless signer to trust; * stands for anything but /')
    .option('--issuer <url>', 'OIDC issuer of that identity')
    .option('--trusted-root <file>', 'trusted_root.json of a Sigstore instance (default: the public one)')
    .option('--timestamp-authority <file>', 'time-stamping authority to trust (PEM chain, signer first); may be repeated', collect, [])
    .option('--allow-untimed', 'accept expired certificates and keys although nothing proves when they signed');
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('give a positive number of bytes.');
  return number;
}
