# The example programs do what they show.

load ../../../cmd/pfproc/test/helper

setup() {
  common_setup
  mandelbrot=$PF_BUILDDIR/lib/examples/mandelbrot
}

# Takes a PNG apart as its reader would, and says what it holds.
describe() {
  python3 - "$1" <<'END'
import struct, sys, zlib

data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, chunks = 8, {}
while at < len(data):
    size, = struct.unpack(">I", data[at:at + 4])
    crc, = struct.unpack(">I", data[at + 8 + size:at + 12 + size])
    assert crc == zlib.crc32(data[at + 4:at + 8 + size])
    chunks[data[at + 4:at + 8]] = data[at + 8:at + 8 + size]
    at += 12 + size
assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
rows = zlib.decompress(chunks[b"IDAT"])
assert len(rows) == (width + 1) * height and (depth, colour) == (8, 0)
assert all(rows[i] == 0 for i in range(0, len(rows), width + 1))
middle = rows[(width + 1) * (height // 2) + 1:][:width]
print(width, height, middle[width * 3 // 4], middle[0] > 200)
END
}

@test "a picture, the same for any number of threads" {
  for size in 1x1 301x203 640x3; do
    for jobs in 1 2 7; do
      runs "$mandelbrot" -j "$jobs" -s "$size" -o "$jobs.png"
      assert_success
      assert_output ''
      assert_messages
      same_file 1.png "$jobs.png" "$size with -j$jobs"
    done
    cp 1.png "$size.png"
  done
  # The origin is in the set, the left edge is not.
  output=$(describe 301x203.png)
  assert_output '301 203 0 True'
}

# Has process PID become mandelbrot, with a handler of its own for SIGINT?
catches() {
  [ "$(cat "/proc/$1/comm")" = mandelbrot ] &&
    grep -q '^SigCgt:.*[2367abef]$' "/proc/$1/status"
}

@test "an interrupt cancels it" {
  "$mandelbrot" -j2 -s 4000x4000 -o never.png >"$out" 2>"$err" &
  pid=$!
  soon catches "$pid"
  kill -INT "$pid"
  status=0
  wait "$pid" || status=$?
  load_outputs
  assert_equal "$status" 1
  assert_messages 'mandelbrot: never.png: interrupted'
  assert_not_exists never.png
}

@test "what cannot be is an error" {
  for size in 0x5 5x0 20001x5 5 x 5x5x5 '5x5 a'; do
    runs "$mandelbrot" -s "$size" -o never.png
    assert_failure 1
    assert_not_exists never.png
  done
  runs "$mandelbrot" -s 5x5 never.png
  assert_failure 1
  assert_messages 'mandelbrot: usage: mandelbrot [-j N] [-s WIDTHxHEIGHT] [-o FILE]'
  assert_not_exists mandelbrot.png
  runs "$mandelbrot" -s 5x5 -o none/never.png
  assert_failure 1
  assert_messages 'mandelbrot: none/never.png: No such file or directory'
}
