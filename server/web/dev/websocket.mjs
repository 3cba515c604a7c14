// The server half of a WebSocket (RFC 6455) as far as a mock needs it: unfragmented text out, nothing read in.
import { createHash } from "node:crypto";

const kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export class Sockets {
  #open = new Set();

  accept(request, socket) {
    const key = createHash("sha1").update(request.headers["sec-websocket-key"] + kKeySuffix).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    this.#open.add(socket);
    const forget = () => this.#open.delete(socket);
    socket.on("close", forget).on("error", forget).on("data", (bytes) => (bytes[0] & 0x0f) === 8 && socket.end());
  }

  send(message) {
    for (const socket of this.#open) socket.write(frame(JSON.stringify(message)));
  }
}

function frame(text) {
  const body = Buffer.from(text);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  const head = Buffer.from([0x81, 126, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}
