import { Code } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { checksumAlgorithms } from "@/lib/uploads/piece";
import { tusExtensions, tusVersion } from "@/lib/uploads/tus-protocol";

interface LargeUploadsProps {
  /** "https://harmony.example" */
  readonly origin: string;
}

const curlOf = (
  origin: string,
) => `# Announce the file. Upload-Metadata: names, and values in Base64.
curl -i -X POST "${origin}/api/uploads" \\
  -H "Authorization: Bearer YOUR_API_KEY" \\
  -H "Tus-Resumable: ${tusVersion}" \\
  -H "Upload-Length: $(stat -c %s board.mp4)" \\
  -H "Upload-Metadata: filename $(printf %s board.mp4 | base64),title $(printf %s 'Board meeting' | base64)"

# Send it to the address in Location, from where it stopped: ask HEAD for Upload-Offset after a break.
curl -i -X PATCH "${origin}/api/uploads/UPLOAD_ID" \\
  -H "Authorization: Bearer YOUR_API_KEY" \\
  -H "Tus-Resumable: ${tusVersion}" \\
  -H "Upload-Offset: 0" \\
  -H "Content-Type: application/offset+octet-stream" \\
  -T board.mp4`;

const nodeOf = (origin: string) => `import { createReadStream } from "node:fs";
import { Upload } from "tus-js-client";

const upload = new Upload(createReadStream("board.mp4"), {
  endpoint: "${origin}/api/uploads",
  headers: { authorization: \`Bearer \${process.env.HARMONY_API_KEY}\` },
  chunkSize: 64 * 1024 * 1024,
  retryDelays: [0, 1000, 3000, 10000, 30000],
  metadata: { filename: "board.mp4", title: "Board meeting" },
  onError: (error) => console.error(error.message),
  onSuccess: ({ lastResponse }) => console.log(lastResponse.getHeader("harmony-meeting-id")),
});
upload.start();`;

/** The chapter on uploads that go on after a break. */
export function LargeUploads({ origin }: LargeUploadsProps) {
  return (
    <Section id="large-uploads" title="Large uploads">
      <Prose>
        <p>
          <a href="#uploadMeeting">POST /meetings/upload</a> takes up to 2 GB in one request; when
          its connection breaks, everything has to be sent again. <Code>/api/uploads</Code> speaks{" "}
          <a href="https://tus.io/protocols/resumable-upload">tus {tusVersion}</a>, for which there
          are clients in most languages: a file travels in pieces of any size and goes on where it
          stopped, also after either side was restarted.
        </p>
      </Prose>
      <div className="mt-4 max-w-3xl">
        <CodeBlock
          samples={[
            { label: "curl", code: curlOf(origin) },
            { label: "Node.js", code: nodeOf(origin) },
          ]}
        />
      </div>
      <Prose>
        <ul>
          <li>
            It takes the credential that the upload takes, with the same right and the same rate
            limit: each request counts as one. Extensions: <Code>{tusExtensions}</Code>; checksums:{" "}
            <Code>{checksumAlgorithms.join(", ")}</Code>.
          </li>
          <li>
            <Code>Upload-Metadata</Code> takes <Code>filename</Code> and the fields of the form
            (title, date, team_id and so on). They are checked when the file is announced.
          </li>
          <li>
            The answer to the last piece carries the meeting’s id in <Code>Harmony-Meeting-Id</Code>
            ; a later <Code>HEAD</Code> does, too.
          </li>
          <li>
            A piece at another place than <Code>Upload-Offset</Code> is a{" "}
            <a href="#error-conflict">409</a>. While another request writes to the same upload it is
            423: wait, ask <Code>HEAD</Code>, go on.
          </li>
          <li>
            What is left alone for 24 hours is removed (<Code>Upload-Expires</Code>), and so is what
            turns out to be no recording and no transcript. A credential has at most 20 uploads open
            at once.
          </li>
        </ul>
      </Prose>
    </Section>
  );
}
