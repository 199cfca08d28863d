// Who may ask a store that has keys, and what survives of what it has acknowledged.
#include "support/compat.hpp"
#include "support/needs.hpp"
#include "support/s3_tools.hpp"
#include "support/test_node.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace chaos::test {
namespace {

class S3Keys : public testing::Test {
 protected:
  S3Keys() : address(TestNode::fresh_address()), tools(address), node("object_store", 9000, state(tools), address) {}
  static std::string state(const S3Tools& tools) {
    return R"({"config":{"object_store":{"static_objects":5,"static_object_kb":1,"max_object_mb":16,)" + tools.keys_json() + "}}}";
  }
  // botocore's signer, with what it signs changed afterwards.
  std::string python(const std::string& code) const {
    const std::string script = "import datetime,sys,urllib.request,urllib.error\n"
        "from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth\nfrom botocore.awsrequest import AWSRequest\nfrom botocore.credentials import Credentials\n"
        "def ask(r):\n  p=r.prepare()\n  q=urllib.request.Request(p.url,data=p.body or None,headers=dict(p.headers),method=r.method)\n"
        "  try: print(urllib.request.urlopen(q).read().decode())\n  except urllib.error.HTTPError as e: print(e.code,e.read().decode())\n"
        "keys=Credentials('AKIDLAB','secret/of+the=lab')\nbase='http://" + address + ":9000'\n" + code;
    std::ofstream(dir.path() / "ask.py") << script;
    return sh("/usr/bin/python3 " + (dir.path() / "ask.py").string()).out;
  }
  TempDir dir;
  std::string address;
  S3Tools tools;
  LoneNode node;
};

TEST_F(S3Keys, OnlyTheRightSignatureOpens) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import botocore'").exit == 0, "botocore is not installed");
  EXPECT_TRUE(has(tools.curl("", "/static/1").out, "<Code>AccessDenied</Code>"));
  EXPECT_TRUE(has(python("r=AWSRequest('GET',base+'/static/1?x=a%20b&y=');S3SigV4Auth(keys,'s3','us-east-1').add_auth(r);ask(r)"), "static object 1"));
  EXPECT_TRUE(has(python("r=AWSRequest('GET',base+'/static/1');S3SigV4Auth(Credentials('other','x'),'s3','us-east-1').add_auth(r);ask(r)"), "<Code>InvalidAccessKeyId</Code>"));
  const std::string wrong = python("r=AWSRequest('GET',base+'/static/1');S3SigV4Auth(Credentials('AKIDLAB','x'),'s3','us-east-1').add_auth(r);ask(r)");
  EXPECT_TRUE(has(wrong, "<Code>SignatureDoesNotMatch</Code>") && has(wrong, "<StringToSign>") && has(wrong, "<CanonicalRequest>")) << wrong;
  EXPECT_TRUE(has(python("r=AWSRequest('PUT',base+'/receipts/x',data=b'abc');S3SigV4Auth(keys,'s3','us-east-1').add_auth(r);r.data=b'abd';ask(r)"), "<Code>XAmzContentSHA256Mismatch</Code>"));
  // Releases of botocore ask for the time in two ways.
  const std::string late = "import botocore.auth as a,types\n"
      "old=datetime.datetime.utcnow()-datetime.timedelta(minutes=16)\na.get_current_datetime=lambda *x,**k: old\n"
      "a.datetime=types.SimpleNamespace(datetime=type('D',(datetime.datetime,),{'utcnow':classmethod(lambda c: old)}),timedelta=datetime.timedelta)\n"
      "r=AWSRequest('GET',base+'/static/1');s=S3SigV4Auth(keys,'s3','us-east-1')\ns.add_auth(r);ask(r)";
  EXPECT_TRUE(has(python(late), "<Code>RequestTimeTooSkewed</Code>"));
  EXPECT_TRUE(has(tools.curl("-H 'Authorization: AWS AKIDLAB:c2ln'", "/static/1").out, "Please use AWS4-HMAC-SHA256"));
  EXPECT_TRUE(has(tools.curl("-H 'Authorization: AWS4-HMAC-SHA256 nonsense'", "/static/1").out, "<Code>AuthorizationHeaderMalformed</Code>"));
  compat("S3", "Signatures", "Signature Version 4 in the Authorization field, payload hash checked");
  compat("S3", "Signatures", "Requests without a signature, or of Version 2", Compat::refused, "AccessDenied and InvalidRequest with keys configured; without keys everybody may do everything");
  compat("S3", "Signatures", "The region of a signature", Compat::differs, "any is taken");
  compat("S3", "Errors", "AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed, XAmzContentSHA256Mismatch, AuthorizationHeaderMalformed");
}

TEST_F(S3Keys, PresignedUrlsEnd) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import botocore'").exit == 0, "botocore is not installed");
  const std::string make = "r=AWSRequest('GET',base+'/static/1');S3SigV4QueryAuth(keys,'s3','us-east-1',expires=1).add_auth(r);";
  EXPECT_TRUE(has(python(make + "ask(r)"), "static object 1"));
  EXPECT_TRUE(has(python(make + "u=r.url\nimport time\nend=time.time()+10\nout=''\n"
                                "while time.time()<end and 'expired' not in out:\n"
                                "  time.sleep(0.1)\n"
                                "  try: out=urllib.request.urlopen(u).read().decode()\n"
                                "  except urllib.error.HTTPError as e: out=e.read().decode()\n"
                                "print(out)"), "Request has expired"));
  EXPECT_TRUE(has(tools.curl("", "/static/1?X-Amz-Signature=x").out, "<Code>AuthorizationQueryParametersError</Code>"));
  compat("S3", "Signatures", "Presigned URLs with their expiry");
}

TEST_F(S3Keys, ChunksAreCheckedOneByOne) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import botocore'").exit == 0, "botocore is not installed");
  // The chain of chunk signatures as the API Reference describes it, over botocore's seed signature.
  const std::string chunks = "import hmac,hashlib\n"
      "def chunked(data,spoil):\n"
      "  r=AWSRequest('PUT',base+'/receipts/chunked');r.headers['x-amz-decoded-content-length']=str(len(data))\n"
      "  auth=S3SigV4Auth(keys,'s3','us-east-1');auth.payload=lambda q:'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'\n"
      "  auth.add_auth(r);r.headers.replace_header('X-Amz-Content-SHA256','STREAMING-AWS4-HMAC-SHA256-PAYLOAD') if 'X-Amz-Content-SHA256' in r.headers else None\n"
      "  stamp=r.context['timestamp'];scope=stamp[:8]+'/us-east-1/s3/aws4_request';last=r.headers['Authorization'].split('Signature=')[1]\n"
      "  k=b'AWS4secret/of+the=lab'\n"
      "  for s in scope.split('/'): k=hmac.new(k,s.encode(),hashlib.sha256).digest()\n"
      "  body=b''\n"
      "  for piece in (data[:5],data[5:],b''):\n"
      "    t='AWS4-HMAC-SHA256-PAYLOAD\\n'+stamp+'\\n'+scope+'\\n'+last+'\\n'+hashlib.sha256(b'').hexdigest()+'\\n'+hashlib.sha256(piece).hexdigest()\n"
      "    last=hmac.new(k,t.encode(),hashlib.sha256).hexdigest()\n"
      "    body+=('%x;chunk-signature=%s\\r\\n'%(len(piece),last)).encode()+(piece.upper() if spoil else piece)+b'\\r\\n'\n"
      "  r.data=body;ask(r)\n";
  EXPECT_FALSE(has(python(chunks + "chunked(b'hello world',False)"), "Error"));
  EXPECT_EQ(tools.s3cmd("get s3://receipts/chunked -").out.substr(0, 11), "hello world");
  EXPECT_TRUE(has(python(chunks + "chunked(b'hello world',True)"), "<Code>SignatureDoesNotMatch</Code>"));
  compat("S3", "Signatures", "aws-chunked bodies: STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
}

TEST_F(S3Keys, AnUnsignedTrailerIsReadAsBotocoreWritesIt) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import botocore.httpchecksum'").exit == 0, "botocore is not installed");
  // What botocore does where it has TLS: the checksum goes behind the chunks, nothing of the body is signed.
  const std::string chunks = "import io\nfrom botocore.httpchecksum import apply_request_checksum\n"
      "def upload(key,data,spoil=b'',whole=True):\n"
      "  p={'headers':{},'body':io.BytesIO(data),'context':{'checksum':{'request_algorithm':{'algorithm':'crc32','in':'trailer','name':'x-amz-checksum-crc32'}}}}\n"
      "  apply_request_checksum(p);p['body']._chunk_size=64*1024\n"
      "  r=AWSRequest('PUT',base+key,headers=p['headers']);r.context.update(p['context']);S3SigV4Auth(keys,'s3','us-east-1').add_auth(r)\n"
      "  assert r.headers['X-Amz-Content-SHA256']=='STREAMING-UNSIGNED-PAYLOAD-TRAILER' and 'aws-chunked' in r.headers['Content-Encoding']\n"
      "  body=p['body'].read();body=body.replace(*spoil) if spoil else body\n"
      "  q=urllib.request.Request(r.url,data=body if whole else iter([body[:100],body[100:]]),headers=dict(r.headers),method='PUT')\n"
      "  try: print(urllib.request.urlopen(q).status)\n  except urllib.error.HTTPError as e: print(e.code,e.read().decode())\n";
  EXPECT_EQ(python(chunks + "upload('/receipts/t%2B1%20a',b'0123456789'*20000)\nupload('/receipts/empty',b'')\nupload('/receipts/piecewise',b'abc'*100,whole=False)"), "200\n200\n200\n");
  EXPECT_EQ(tools.s3cmd("get 's3://receipts/t+1 a' - | wc -c").out, "200000\n");
  EXPECT_EQ(tools.s3cmd("get s3://receipts/piecewise - | md5sum").out, sh("printf 'abc%.0s' $(seq 100) | md5sum").out);
  EXPECT_TRUE(has(python(chunks + "upload('/receipts/bad',b'0123456789',(b'0123456789',b'0123456788'))"), "<Code>BadDigest</Code>"));
  EXPECT_TRUE(has(python(chunks + "upload('/receipts/bad',b'0123456789',(b'a\\r\\n',b'b\\r\\n'))"), "<Code>IncompleteBody</Code>"));
  EXPECT_TRUE(has(tools.s3cmd("info s3://receipts/bad").out, "404"));
  compat("S3", "Signatures", "aws-chunked bodies: STREAMING-UNSIGNED-PAYLOAD-TRAILER with a checksum behind the chunks");
}

TEST_F(S3Keys, APresignedPutStaysThatPut) {
  CHAOS_NEEDS(sh("/usr/bin/python3 -c 'import botocore'").exit == 0, "botocore is not installed");
  const std::string made = python("r=AWSRequest('PUT',base+'/receipts/mine');S3SigV4QueryAuth(keys,'s3','us-east-1',expires=60).add_auth(r);print(r.url)");
  const std::string url = "'" + made.substr(0, made.find('\n')) + "'";
  const std::string copied = sh("curl -s -X PUT -H 'x-amz-copy-source: /static/1' " + url).out;
  EXPECT_TRUE(has(copied, "<Code>AccessDenied</Code>") && has(copied, "<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>")) << copied;
  EXPECT_EQ(sh("curl -s -o /dev/null -w '%{http_code}' -X PUT --data mine " + url).out, "200");
  EXPECT_EQ(tools.s3cmd("get s3://receipts/mine -").out.substr(0, 4), "mine");
  compat("S3", "Signatures", "An x-amz-* field that the signature does not cover", Compat::refused, "AccessDenied with HeadersNotSigned; x-amz-date and x-amz-content-sha256 are covered anyway");
}

TEST_F(S3Keys, TheCdnSignsWhatItFetches) {
  const std::string peers = R"("peers":[{"name":"object_store-1","role":"object_store","address":")" + address + R"(","duty":"DUTY_ACTIVE"}])";
  LoneNode stranger("cdn", 8080, "{" + peers + "}");
  EXPECT_TRUE(has(sh("curl -s http://" + stranger.address() + ":8080/static/1").out, "<Code>AccessDenied</Code>"));
  LoneNode cdn("cdn", 8080, R"({"config":{"cdn":{)" + tools.keys_json() + "}}," + peers + "}");
  EXPECT_TRUE(has(sh("curl -s http://" + cdn.address() + ":8080/static/1").out, "static object 1"));
}

TEST_F(S3Keys, WhatWasAcknowledgedSurvivesSigkill) {
  CHAOS_NEEDS(has_program("aws"), "aws is not installed");
  write_file(dir.path() / "part", 6'000'000);
  std::ofstream(dir.path() / "a.txt") << "kept";
  tools.s3cmd("put " + (dir.path() / "a.txt").string() + " s3://receipts/a");
  const std::string id = tools.aws("s3api create-multipart-upload --bucket receipts --key big --query UploadId --output text").out;
  const std::string upload = " --bucket receipts --key big --upload-id " + id.substr(0, id.find('\n'));
  EXPECT_EQ(tools.aws("s3api upload-part --part-number 1 --body " + (dir.path() / "part").string() + upload).exit, 0);
  node.kill_and_restart();
  EXPECT_EQ(tools.s3cmd("get s3://receipts/a -").out.substr(0, 4), "kept");
  const std::string listed = tools.aws("s3api list-parts --query 'Parts[0].Size'" + upload).out;
  EXPECT_EQ(listed, "6000000\n");
  const std::string etag = sh("md5sum < " + (dir.path() / "part").string() + " | cut -d' ' -f1 | tr -d '\\n'").out;
  EXPECT_EQ(tools.aws("s3api complete-multipart-upload --multipart-upload 'Parts=[{PartNumber=1,ETag=" + etag + "}]'" + upload).exit, 0);
  EXPECT_TRUE(has(tools.s3cmd("ls s3://receipts").out, "6000000  s3://receipts/big"));
  EXPECT_TRUE(std::filesystem::is_empty(node.data() / "data" / "uploads"));
  compat("S3", "Multipart uploads", "Create, UploadPart, UploadPartCopy, ListParts, ListMultipartUploads, Complete, Abort; they survive a SIGKILL");
}

}  // namespace
}  // namespace chaos::test
